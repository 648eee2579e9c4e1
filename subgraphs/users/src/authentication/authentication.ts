import type { Counters } from '@cinegraph/engines/counters/counters'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Clock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type { AccountService } from '../accounts/account.service.js'
import type { PasswordHasher } from '../accounts/password-hasher.js'
import type { LoginHistoryService } from '../login-history/login-history.service.js'
import { createRateLimit } from '../limits/rate-limit.js'
import type { AttemptLimits } from './attempt-limits.js'
import { createAttemptsFactory } from './attempts.js'
import { AuthenticationRepository } from './authentication.repository.js'
import { AuthenticationService } from './authentication.service.js'
import { createAuthenticationMetrics } from './metrics.js'

const MINUTE_MS = 60_000

export interface AuthenticationDependencies {
  prisma: Postgres['prisma']
  counters: Counters
  accounts: AccountService
  hasher: PasswordHasher
  history: LoginHistoryService
  limits: AttemptLimits
  log: Logger
  metrics: Registry
  now: Clock
}

/** Who proves to be who, wired; `createAttempts` makes limits of other kinds of attempts. */
export function createAuthentication(dependencies: AuthenticationDependencies) {
  const { prisma, counters, limits, metrics, ...others } = dependencies
  const createAttempts = createAttemptsFactory({ counters, metrics })
  const authentication = new AuthenticationService({
    ...others,
    repository: new AuthenticationRepository(prisma),
    logIns: createAttempts('log-in', limits.logIn),
    logInRate: createRateLimit({
      counters,
      name: 'log-in-rate',
      most: limits.logIn.perMinute,
      windowMs: MINUTE_MS,
    }),
    confirmations: createAttempts('confirm-owner', { account: limits.logIn.account }),
    metrics: createAuthenticationMetrics(metrics),
  })
  return { authentication, createAttempts }
}
