import type { Cache } from '@cinegraph/engines/cache/cache'
import type { Counters } from '@cinegraph/engines/counters/counters'
import type { Mailer } from '@cinegraph/engines/mailer/mailer'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { createFilmsSubgraph } from '@cinegraph/films/subgraph'
import { parseConfig } from '@cinegraph/kit/config'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { createViewerVerifier } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { REVOCATIONS_AUDIENCE } from '@cinegraph/kit/revocations'
import { createPeopleSubgraph } from '@cinegraph/people/subgraph'
import { usersConfig, usersSettings } from '@cinegraph/users/config'
import { createUsersSubgraph } from '@cinegraph/users/subgraph'
import type { Env } from './secrets.js'

export interface SubgraphsOptions {
  postgres: Postgres
  search: SearchIndex
  cache: Cache
  counters: Counters
  mailer: Mailer
  log: Logger
  metrics: Registry
  /** What a process of users alone would be given. */
  env: Env
}

/** Every subgraph, over one pool of connections. */
export async function createSubgraphs(options: SubgraphsOptions): Promise<Subgraph[]> {
  const { env, ...engines } = options
  const config = parseConfig(usersConfig, env)
  const verifierFor = (audience: string) =>
    createViewerVerifier({ publicKey: config.GATEWAY_PUBLIC_KEY, audience })
  return [
    await createUsersSubgraph({
      ...engines,
      verifyViewer: await verifierFor('users'),
      verifyFeed: await verifierFor(REVOCATIONS_AUDIENCE),
      settings: usersSettings(config),
    }),
    await createFilmsSubgraph({ ...engines, verifyViewer: await verifierFor('films') }),
    await createPeopleSubgraph({ ...engines, verifyViewer: await verifierFor('people') }),
  ]
}
