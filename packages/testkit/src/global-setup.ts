import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { databaseUrl } from '@cinegraph/embedded/database-url'
import { migrate } from '@cinegraph/embedded/migrations'
import { openEmbeddedPostgres } from '@cinegraph/embedded/postgres'
import { createLogger } from '@cinegraph/kit/logger'
import pg from 'pg'
import type { TestProject } from 'vitest/node'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../prisma/migrations')
const STOP_MS = 10_000

/** Nothing has to survive a test run. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server's own database; only for making others. */
    postgresUrl: string
    /** Name of a migrated database, empty of rows but for those that migrations insert. */
    postgresTemplate: string
  }
}

/** Starts one Postgres per run, migrated once. Unit tests alone need none. */
export async function setup(root: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (root.vitest.projects.every(({ name }) => name === 'unit')) return undefined
  // everyone may enter: as root, Postgres runs as another user
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-test-'))
  const postgres = openEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    log: createLogger({ name: 'testkit', level: 'error' }),
    settings: FAST,
  })
  await postgres.start()
  const template = 'cinegraph_template'
  const admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${template}`)
  await admin.end()
  await migrate(databaseUrl(postgres.url, template), MIGRATIONS)
  root.provide('postgresUrl', postgres.url)
  root.provide('postgresTemplate', template)
  return async () => {
    await postgres.stop(AbortSignal.timeout(STOP_MS))
    await rm(folder, { recursive: true, force: true })
  }
}
