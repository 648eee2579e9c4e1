import { randomUUID } from 'node:crypto'
import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { Account } from '../accounts/account.repository.js'
import type { AccountService, CreateOutcome } from '../accounts/account.service.js'
import type { IssueAccessToken, IssuedToken } from './access-token.js'
import { hashRefreshToken, newRefreshToken } from './refresh-token.js'
import type { NewToken, RefreshTokenRow, SessionRepository } from './session.repository.js'

/** How long a spent refresh token is still honoured: its answer may have been lost, or two tabs sent it at once. */
export const ROTATION_GRACE_MS = 10_000

const DAY_MS = 86_400_000

export interface IssuedSession {
  readonly account: Account
  readonly access: IssuedToken
  readonly refresh: IssuedToken
}

export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly session: IssuedSession }
  | Exclude<CreateOutcome, { kind: 'created' }>

export interface SessionServiceDependencies {
  repository: SessionRepository
  accounts: AccountService
  issueAccessToken: IssueAccessToken
  refreshTokenDays: number
  log: Logger
  now: Clock
}

export class SessionService {
  constructor(private readonly dependencies: SessionServiceDependencies) {}

  /** Makes an account and its first session. Throws BAD_USER_INPUT with the path under `input`. */
  async register(...account: Parameters<AccountService['create']>): Promise<RegisterOutcome> {
    const outcome = await this.dependencies.accounts.create(...account)
    if (outcome.kind !== 'created') return outcome
    return { kind: 'registered', session: await this.open(outcome.account) }
  }

  /** Throws UNAUTHENTICATED. */
  async logIn(...typed: Parameters<AccountService['authenticate']>): Promise<IssuedSession> {
    return this.open(await this.dependencies.accounts.authenticate(...typed))
  }

  /** Exchanges a refresh token for the next. Throws UNAUTHENTICATED, with one message whatever the reason. */
  async refresh(refreshToken: string): Promise<IssuedSession> {
    const { repository, accounts, log, now } = this.dependencies
    // taken before anything is read: a rotation that overtakes us is younger than we are, and so within the grace
    const presentedAt = now()
    const hash = hashRefreshToken(refreshToken)
    const token = await repository.findToken(hash)
    if (!token || token.sessionEndedAt || token.expiresAt <= presentedAt) throw sessionEnded()
    if (isReplay(token, presentedAt)) {
      await repository.end(token.sessionId, presentedAt)
      log.warn({ userId: token.userId, sessionId: token.sessionId }, 'spent refresh token reused')
      throw sessionEnded()
    }
    const successor = this.makeRefreshToken(presentedAt)
    const alive = await repository.rotate(token.sessionId, hash, successor.row)
    const account = alive ? await accounts.find(token.userId) : undefined
    if (!account) throw sessionEnded()
    return this.issue(account, token.sessionId, successor)
  }

  private async open(account: Account): Promise<IssuedSession> {
    const { repository, now } = this.dependencies
    const id = randomUUID()
    const refresh = this.makeRefreshToken(now())
    await repository.create({ id, userId: account.id }, refresh.row)
    return this.issue(account, id, refresh)
  }

  private async issue(account: Account, sessionId: string, refresh: IssuedToken) {
    const { id: userId, roles, permissions } = account
    const subject = { userId, sessionId, roles, permissions }
    return { account, access: await this.dependencies.issueAccessToken(subject), refresh }
  }

  private makeRefreshToken(createdAt: Date): IssuedToken & { row: NewToken } {
    const token = newRefreshToken()
    const expiresAt = new Date(createdAt.getTime() + this.dependencies.refreshTokenDays * DAY_MS)
    return { token, expiresAt, row: { hash: hashRefreshToken(token), createdAt, expiresAt } }
  }
}

const isReplay = ({ rotatedAt }: RefreshTokenRow, presentedAt: Date) =>
  rotatedAt !== null && presentedAt.getTime() - rotatedAt.getTime() > ROTATION_GRACE_MS

const sessionEnded = () =>
  new AppError('UNAUTHENTICATED', 'This session has ended. Log in again.', {
    argument: ['refreshToken'],
  })
