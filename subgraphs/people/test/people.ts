import type { Cache } from '@cinegraph/engines/cache/cache'
import { openCache } from '@cinegraph/engines/cache/open'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { Service } from '@cinegraph/kit/lifecycle'
import { createPeopleSubgraph } from '@cinegraph/people/subgraph'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { testIdentity } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll } from 'vitest'
import { seedOf } from './seed.js'

const stopped: Service[] = []
// before the database goes, whose hook was registered earlier
afterAll(async () => {
  for (const service of stopped.splice(0)) await service.stop(AbortSignal.timeout(5_000))
})

export interface People {
  readonly subgraph: Subgraph
  readonly postgres: Postgres
  readonly cache: Cache
  readonly search: SearchIndex
  readonly seed: ReturnType<typeof seedOf>
  /** Counts the statements from now on; Prisma takes a connection of the pool for each, but one for all of a transaction. */
  countStatements(): () => number
  /** Counts what connections are asked for from now on, within transactions too. */
  countQueries(): () => number
}

/** The whole subgraph on engines of its own, stopped after the test file. */
export async function openPeople(): Promise<People> {
  const postgres = await openTestPostgres()
  const { log } = memoryLog()
  const cache = openCache({ url: 'memory:', log })
  const search = openSearchIndex({
    url: postgres.pool.options.connectionString!,
    postgres,
    log,
  })
  const verifyViewer = await testIdentity.verifierFor('people')
  const subgraph = await createPeopleSubgraph({ postgres, search, cache, log, verifyViewer })
  const services = [search, cache, subgraph]
  for (const service of services) await service.start()
  stopped.push(...services.toReversed())
  return {
    subgraph,
    postgres,
    cache,
    search,
    seed: seedOf(postgres.prisma),
    countStatements() {
      let count = 0
      const add = () => {
        count++
      }
      postgres.pool.on('acquire', add)
      return () => {
        postgres.pool.off('acquire', add)
        return count
      }
    },
    countQueries() {
      let count = 0
      const restore: (() => void)[] = []
      const watch = (client: { query: (...args: never[]) => unknown }) => {
        if (Object.hasOwn(client, 'query')) return
        const query = client.query.bind(client) as (...args: unknown[]) => unknown
        const counted = (...args: unknown[]) => {
          count++
          return query(...args)
        }
        Object.defineProperty(client, 'query', { value: counted, configurable: true })
        // what is of the prototype shows again
        restore.push(() => Reflect.deleteProperty(client, 'query'))
      }
      postgres.pool.on('acquire', watch)
      return () => {
        postgres.pool.off('acquire', watch)
        for (const undo of restore) undo()
        return count
      }
    },
  }
}
