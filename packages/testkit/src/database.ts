import { randomUUID } from 'node:crypto'
import { databaseUrl } from '@cinegraph/embedded/database-url'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { afterAll, inject } from 'vitest'
import { askServer } from './ask-server.js'
import { memoryLog } from './log.js'

const STOP_MS = 10_000
const cleanups: (() => Promise<void>)[] = []

// runs after the file's own hooks, which were registered later
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

export interface TestDatabase {
  /** `postgresql://user:password@127.0.0.1:port/database` */
  readonly url: string
}

/** A database of its own, dropped when the test file ends: migrated, or `empty` of everything. */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const template = options.empty ? 'template0' : inject('postgresTemplate')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await askServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  cleanups.push(() => askServer(server, `DROP DATABASE ${name} WITH (FORCE)`))
  return { url: databaseUrl(server, name) }
}

/** A started engine on a fresh, migrated database of its own; both end with the test file. */
export async function openTestPostgres(): Promise<Postgres> {
  const { url } = await createTestDatabase()
  const postgres = openPostgres({ url, log: memoryLog().log })
  cleanups.push(() => postgres.stop(AbortSignal.timeout(STOP_MS)))
  await postgres.start()
  return postgres
}
