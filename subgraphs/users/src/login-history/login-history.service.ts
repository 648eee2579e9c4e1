import type { Client } from '@cinegraph/kit/client'
import type { Clock } from '@cinegraph/kit/clock'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import type { Viewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import { Counter, type Registry } from '@cinegraph/kit/metrics'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { z } from 'zod'
import { mayReadPrivate } from '../accounts/account-access.js'
import { deviceRow } from '../devices/device.js'
import type { LoginHistoryLoaders } from './login-history.loader.js'
import type {
  LoginAttemptRecord,
  LoginHistoryRepository,
  LoginMethod,
  LoginOutcome,
} from './login-history.repository.js'

export interface LoginAttemptToRecord {
  userId: string
  method: LoginMethod
  outcome: LoginOutcome
  client: Client
  /** That came of it, or that it concerned. */
  sessionId?: string
}

export interface LoginHistoryServiceDependencies {
  repository: LoginHistoryRepository
  log: Logger
  metrics: Registry
  now: Clock
}

// milliseconds since 1970, up to the year 9999
const cursorKey = z.tuple([z.int().min(0).max(253_402_300_799_999), z.guid()])

/** Who tried to log in to an account, when, from where, and what came of it. */
export class LoginHistoryService {
  private readonly lost: Counter

  constructor(private readonly dependencies: LoginHistoryServiceDependencies) {
    this.lost = new Counter({
      name: 'cinegraph_users_login_attempts_lost_total',
      help: 'Attempts to log in that could not be written to the login history',
      registers: [dependencies.metrics],
    })
  }

  /** Does nothing for an account that does not exist. Never fails: a history that cannot be written costs no login. What is lost is logged and counted. */
  async record({ client, sessionId, ...attempt }: LoginAttemptToRecord): Promise<void> {
    const { repository, log, now } = this.dependencies
    try {
      const row = { ...attempt, ...deviceRow(client), sessionId: sessionId ?? null }
      await repository.add({ at: now(), ...row })
    } catch (error) {
      this.lost.inc()
      log.error({ err: error, ...attempt, sessionId }, 'login attempt not recorded')
    }
  }

  /** Newest first; null unless it is the viewer's own or they hold `users:read`. Throws BAD_USER_INPUT for `first` and `after`. */
  async page(
    { viewer, loginHistory }: { viewer: Viewer; loginHistory: LoginHistoryLoaders },
    userId: string,
    args: { first: number; after?: string | null },
  ): Promise<Page<LoginAttemptRecord> | null> {
    if (!mayReadPrivate(viewer, userId)) return null
    const first = pageSize(args.first)
    const after = args.after == null ? undefined : positionOf(args.after)
    const attempts = await loginHistory.slices.load({ userId, after, limit: first + 1 })
    return {
      edges: attempts.slice(0, first).map((node) => ({ node, cursor: cursorOf(node) })),
      hasNextPage: attempts.length > first,
      hasPreviousPage: after !== undefined,
      count: () => loginHistory.counts.load(userId),
    }
  }
}

const cursorOf = ({ at, id }: LoginAttemptRecord): string => encodeCursor([at.getTime(), id])

function positionOf(cursor: string) {
  const [at, id] = decodeCursor(cursorKey, cursor)
  return { at: new Date(at), id }
}
