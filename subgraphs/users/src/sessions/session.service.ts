import { randomUUID } from 'node:crypto'
import type { Client } from '@cinegraph/kit/client'
import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import { requirePermission, requireUser, type Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import { Counter, type Registry } from '@cinegraph/kit/metrics'
import type { Account } from '../accounts/account.repository.js'
import type { LoginHistoryService } from '../login-history/login-history.service.js'
import { WRITE_USERS } from '../permissions.js'
import { revokedUntil } from '../revocations/revocation.repository.js'
import { hashSecret } from '../secret.js'
import type { IssueAccessToken, IssuedToken } from './access-token.js'
import { deviceRow } from '../devices/device.js'
import { makeRefreshToken } from './refresh-token.js'
import type { RefreshTokenRepository } from './refresh-token.repository.js'
import type { Ending, SessionRepository } from './session.repository.js'

/** Live sessions that one account may have; one more ends the one that was not used for longest. */
export const MAX_SESSIONS = 50

export interface IssuedSession {
  readonly account: Account
  readonly sessionId: string
  readonly access: IssuedToken
  readonly refresh: IssuedToken
}

export interface LogIn {
  readonly method: 'PASSWORD' | 'REGISTRATION' | 'YANDEX' | 'GOOGLE'
  readonly client: Client
}

export interface SessionServiceDependencies {
  repository: SessionRepository
  tokens: RefreshTokenRepository
  history: LoginHistoryService
  issueAccessToken: IssueAccessToken
  accessTokenSeconds: number
  refreshTokenDays: number
  metrics: Registry
  now: Clock
}

/** Opens sessions of people who proved who they are, and ends them: their access tokens are refused from then on. */
export class SessionService {
  private readonly opened: Counter<'method'>

  constructor(private readonly dependencies: SessionServiceDependencies) {
    this.opened = new Counter({
      name: 'cinegraph_users_sessions_opened_total',
      help: 'Sessions opened, by what the person logged in with: password, registration, yandex, google',
      labelNames: ['method'] as const,
      registers: [dependencies.metrics],
    })
  }

  /** `account` as it was when the person proved to own it: UNAUTHENTICATED when it was blocked or logged out everywhere since. */
  async open(account: Account, { method, client }: LogIn): Promise<IssuedSession> {
    const { repository, history, refreshTokenDays, now } = this.dependencies
    const { id: userId, tokenGeneration: generation } = account
    const session = { id: randomUUID(), userId, generation, ...deviceRow(client) }
    const refresh = makeRefreshToken(now(), refreshTokenDays)
    if (!(await repository.open(session, refresh.row))) {
      throw new AppError(
        'UNAUTHENTICATED',
        'Something about this account has changed. Log in again.',
      )
    }
    const surplus = await repository.surplus(userId, MAX_SESSIONS)
    if (surplus.length > 0) await repository.end(userId, surplus, this.ending())
    this.opened.inc({ method: method.toLowerCase() })
    await history.record({ userId, method, outcome: 'SUCCESS', client, sessionId: session.id })
    return this.issue(account, session.id, refresh)
  }

  /** An access token of a live session beside its new refresh token. */
  async issue(account: Account, sessionId: string, refresh: IssuedToken): Promise<IssuedSession> {
    const { id: userId, roles, permissions, tokenGeneration: generation } = account
    const subject = { userId, sessionId, generation, roles, permissions }
    const access = await this.dependencies.issueAccessToken(subject)
    return { account, sessionId, access, refresh }
  }

  /** Ends the viewer's session, or that of a refresh token when nobody is logged in. Whether one was live. */
  async logOut(viewer: Viewer, refreshToken: string | undefined): Promise<boolean> {
    const { repository, tokens } = this.dependencies
    const session =
      viewer.kind === 'user'
        ? { userId: viewer.id, sessionId: viewer.sessionId }
        : refreshToken && (await tokens.find(hashSecret(refreshToken)))
    if (!session) return false
    return (await repository.end(session.userId, [session.sessionId], this.ending())) === 1
  }

  /** Ends one of the viewer's own sessions. Throws NOT_FOUND, also for somebody else's. */
  async endOne(viewer: Viewer, given: string): Promise<string> {
    const { id: userId } = requireUser(viewer)
    const id = parseId(given)
    const ended = id ? await this.dependencies.repository.end(userId, [id], this.ending()) : 0
    if (id && ended === 1) return id
    throw new AppError('NOT_FOUND', 'You have no such session.', { argument: ['id'] })
  }

  /** Ends the viewer's sessions but for the one that asks. How many ended. */
  async endOthers(viewer: Viewer): Promise<number> {
    const { id, sessionId } = requireUser(viewer)
    return this.dependencies.repository.endOthers(id, sessionId, this.ending())
  }

  /** Ends every session of the viewer. How many ended. */
  async logOutEverywhere(viewer: Viewer): Promise<number> {
    return (await this.endAll(requireUser(viewer).id)) ?? 0
  }

  /** Ends every session of anybody's account. Throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND. How many ended. */
  async endAllOf(viewer: Viewer, given: string): Promise<number> {
    requirePermission(viewer, WRITE_USERS)
    const id = parseId(given)
    const ended = id === undefined ? id : await this.endAll(id)
    if (ended !== undefined) return ended
    throw new AppError('NOT_FOUND', 'There is no such account.', { argument: ['id'] })
  }

  private endAll(userId: string): Promise<number | undefined> {
    return this.dependencies.repository.endAll(userId, this.ending())
  }

  /** From now on, until the last of their access tokens has expired. */
  ending(): Ending {
    const at = this.dependencies.now()
    return { at, expiresAt: revokedUntil(at, this.dependencies.accessTokenSeconds) }
  }
}
