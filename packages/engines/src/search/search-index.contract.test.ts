import { openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import type { Postgres } from '../postgres/open.js'
import { openSearchIndex } from './open.js'
import { describeSearchIndex } from './search-index.contract.js'
import type { SearchIndex } from './search-index.js'

let postgres: Postgres | undefined

async function openOnPostgres(): Promise<SearchIndex> {
  postgres ??= await openTestPostgres()
  await postgres.pool.query('DROP SCHEMA IF EXISTS search CASCADE')
  const url = postgres.pool.options.connectionString!
  const index = openSearchIndex({ url, postgres, log: memoryLog().log })
  await index.start()
  return index
}

const adapters = { 'postgres:': openOnPostgres }

for (const [name, open] of Object.entries(adapters)) describeSearchIndex(name, open)
