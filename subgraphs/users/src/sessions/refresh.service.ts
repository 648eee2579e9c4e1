import type { Client } from '@cinegraph/kit/client'
import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import { Counter, type Registry } from '@cinegraph/kit/metrics'
import type { AccountService } from '../accounts/account.service.js'
import type { LoginHistoryService } from '../login-history/login-history.service.js'
import { hashSecret } from '../secret.js'
import { deviceRow } from '../devices/device.js'
import { makeRefreshToken } from './refresh-token.js'
import type { RefreshTokenRepository, RefreshTokenRow } from './refresh-token.repository.js'
import type { IssuedSession, SessionService } from './session.service.js'
import type { SessionRepository } from './session.repository.js'

/** How long a spent refresh token is still honoured: its answer may have been lost, or two tabs sent it at once. */
export const ROTATION_GRACE_MS = 10_000

/**
 * How many successors one refresh token may have within the grace. A browser that opens again with all its tabs needs some;
 * whoever has copied a spent token gets no more, however often they ask.
 */
export const MAX_SUCCESSORS = 20

export interface RefreshServiceDependencies {
  tokens: RefreshTokenRepository
  repository: SessionRepository
  sessions: SessionService
  accounts: AccountService
  history: LoginHistoryService
  refreshTokenDays: number
  log: Logger
  metrics: Registry
  now: Clock
}

type Refusal = 'session_ended' | 'token_reused' | 'too_many_successors'

/** Keeps sessions alive: a refresh token is exchanged for the next. */
export class RefreshService {
  private readonly outcomes: Counter<'outcome'>

  constructor(private readonly dependencies: RefreshServiceDependencies) {
    this.outcomes = new Counter({
      name: 'cinegraph_users_refreshes_total',
      help: 'Uses of refresh tokens by outcome: success, session_ended, token_reused (copied by somebody), too_many_successors',
      labelNames: ['outcome'] as const,
      registers: [dependencies.metrics],
    })
  }

  /** Throws UNAUTHENTICATED, with one message whatever the reason, and CONFLICT for a token that many use at once. */
  async refresh(refreshToken: string | undefined, client: Client): Promise<IssuedSession> {
    const { tokens, sessions, accounts, refreshTokenDays, now } = this.dependencies
    // taken before anything is read: a rotation that overtakes us is younger than we are, and so within the grace
    const presentedAt = now()
    if (!refreshToken) throw this.refusal('session_ended')
    const spent = hashSecret(refreshToken)
    const token = await tokens.find(spent)
    if (!token || token.sessionEndedAt || token.expiresAt <= presentedAt) {
      throw this.refusal('session_ended')
    }
    if (isReplay(token, presentedAt)) return this.refuseReplay(token, client)
    // read before the rotation: when all its sessions end in between, the token is of the generation that ended with them
    const account = await accounts.find(token.userId)
    if (!account || account.blockedAt) throw this.refusal('session_ended')
    const successor = makeRefreshToken(presentedAt, refreshTokenDays)
    const outcome = await tokens.rotate({
      sessionId: token.sessionId,
      userId: token.userId,
      generation: account.tokenGeneration,
      spent,
      successor: successor.row,
      device: deviceRow(client),
      maxSuccessors: MAX_SUCCESSORS,
    })
    if (outcome === 'account_changed') return this.refresh(refreshToken, client)
    if (outcome !== 'rotated') throw this.refusal(outcome)
    this.outcomes.inc({ outcome: 'success' })
    return sessions.issue(account, token.sessionId, successor)
  }

  private async refuseReplay(
    { userId, sessionId }: RefreshTokenRow,
    client: Client,
  ): Promise<never> {
    const { repository, sessions, history, log } = this.dependencies
    // of several at once one is written down
    if ((await repository.end(userId, [sessionId], sessions.ending())) === 1) {
      const outcome = 'REFRESH_TOKEN_REUSED'
      await history.record({ userId, method: 'REFRESH', outcome, client, sessionId })
      log.warn({ userId, sessionId }, 'spent refresh token reused')
    }
    throw this.refusal('token_reused')
  }

  private refusal(outcome: Refusal): AppError {
    this.outcomes.inc({ outcome })
    return outcome === 'too_many_successors' ? usedByMany() : sessionEnded()
  }
}

const isReplay = ({ rotatedAt }: RefreshTokenRow, presentedAt: Date) =>
  rotatedAt !== null && presentedAt.getTime() - rotatedAt.getTime() > ROTATION_GRACE_MS

const argument = ['refreshToken']

const sessionEnded = () =>
  new AppError('UNAUTHENTICATED', 'This session has ended. Log in again.', { argument })

const usedByMany = () =>
  new AppError(
    'CONFLICT',
    'This token was just exchanged many times. Go on with the token of one of those answers.',
    { argument },
  )
