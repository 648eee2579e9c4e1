import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll } from 'vitest'
import { openPostgres, type Postgres } from '../postgres/open.js'
import { openSearchIndex } from './open.js'
import { describeSearchIndex } from './search-index.contract.js'
import type { SearchIndex } from './search-index.js'

const opened: Postgres[] = []
afterAll(() => Promise.all(opened.map((it) => it.stop(AbortSignal.timeout(5_000)))))

async function openOnPostgres(): Promise<SearchIndex> {
  const { log } = memoryLog()
  const { url } = await createTestDatabase({ empty: true })
  const postgres = openPostgres({ url, log, poolSize: 4 })
  opened.push(postgres)
  await postgres.start()
  const index = openSearchIndex({ url, postgres, log })
  await index.start()
  return index
}

const adapters = { 'postgres:': openOnPostgres }

for (const [name, open] of Object.entries(adapters)) describeSearchIndex(name, open)
