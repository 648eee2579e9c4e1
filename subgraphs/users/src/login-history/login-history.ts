import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Clock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { createLoginHistoryLoaders, type LoginHistoryLoaders } from './login-history.loader.js'
import { LoginHistoryRepository } from './login-history.repository.js'
import { LoginHistoryResolver } from './login-history.resolver.js'
import { LoginHistoryService } from './login-history.service.js'
import { expiredAttempts } from './login-partitions.js'

export interface LoginHistoryDependencies {
  prisma: Postgres['prisma']
  /** For which it is kept. */
  months: number
  log: Logger
  metrics: Registry
  now: Clock
}

/** The login history, wired. */
export function createLoginHistory(dependencies: LoginHistoryDependencies) {
  const { prisma, months, log, metrics, now } = dependencies
  const repository = new LoginHistoryRepository(prisma)
  const history = new LoginHistoryService({ repository, log, metrics, now })
  return {
    history,
    loaders: (): LoginHistoryLoaders => createLoginHistoryLoaders(repository),
    resolvers: [new LoginHistoryResolver(history)],
    expiring: { login_attempts: expiredAttempts(repository, months) },
  }
}
