import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Clock } from '@cinegraph/kit/clock'
import type { VerifyViewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { createRevocationFeed } from './revocation-feed.js'
import { RevocationRepository } from './revocation.repository.js'
import { revocationsRoute } from './revocations.route.js'

export interface RevocationsDependencies {
  postgres: Postgres
  verifyFeed: VerifyViewer
  log: Logger
  metrics: Registry
  now: Clock
}

/** What gateways are told, wired. What is revoked, is written by those who know why. */
export function createRevocations({ verifyFeed, ...dependencies }: RevocationsDependencies) {
  const repository = new RevocationRepository(dependencies.postgres.prisma)
  const feed = createRevocationFeed({ ...dependencies, repository })
  return {
    route: revocationsRoute({ feed, verifyFeed }),
    services: [feed],
    expiring: { revocations: repository },
  }
}
