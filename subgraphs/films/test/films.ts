import type { Cache } from '@cinegraph/engines/cache/cache'
import { openCache } from '@cinegraph/engines/cache/open'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { createFilmsSubgraph } from '@cinegraph/films/subgraph'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { Service } from '@cinegraph/kit/lifecycle'
import { Registry } from '@cinegraph/kit/metrics'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { testIdentity } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll } from 'vitest'
import { seedOf } from './seed.js'

const opened: Service[] = []
// before the database goes, whose hook was registered earlier
afterAll(async () => {
  for (const service of opened.splice(0).reverse()) await service.stop(AbortSignal.timeout(5_000))
})

export interface Films {
  readonly subgraph: Subgraph
  readonly postgres: Postgres
  readonly search: SearchIndex
  readonly cache: Cache
  /** What was logged. */
  readonly lines: ReturnType<typeof memoryLog>['lines']
  readonly seed: ReturnType<typeof seedOf>
  /** Another subgraph on the same database, with nothing cached. */
  openUncached(): Promise<Subgraph>
  /** Counts the statements of `work`. */
  countStatements(work: () => Promise<unknown>): Promise<number>
}

const NEVER_MS = 24 * 3_600_000

/** The whole subgraph on engines of its own, stopped after the test file. Without a time it publishes nothing by itself. */
export async function openFilms({ scheduleEveryMs = NEVER_MS } = {}): Promise<Films> {
  const postgres = await openTestPostgres()
  const { log, lines } = memoryLog()
  const url = postgres.pool.options.connectionString!
  const search = openSearchIndex({ url, postgres, log })
  await start(search)
  const openOn = async (cache: Cache) => {
    const verifyViewer = await testIdentity.verifierFor('films')
    const metrics = new Registry()
    const subgraph = await createFilmsSubgraph({
      ...{ postgres, search, cache, log, metrics, verifyViewer, scheduleEveryMs },
    })
    await start(cache, subgraph)
    return subgraph
  }
  const cache = openCache({ url: 'memory:', log })
  return {
    subgraph: await openOn(cache),
    postgres,
    search,
    cache,
    lines,
    seed: seedOf(postgres.prisma, search),
    openUncached: () => openOn(openCache({ url: 'memory:', log })),
    async countStatements(work) {
      let count = 0
      // Prisma and the index take a connection of the pool for each statement
      const add = () => {
        count++
      }
      postgres.pool.on('acquire', add)
      await work().finally(() => postgres.pool.off('acquire', add))
      return count
    },
  }
}

async function start(...services: Service[]): Promise<void> {
  for (const service of services) {
    await service.start()
    opened.push(service)
  }
}
