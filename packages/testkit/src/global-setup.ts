import path from 'node:path'
import { databaseUrl } from '@cinegraph/embedded/database-url'
import { migrate } from '@cinegraph/embedded/migrations'
import { openTemporaryPostgres } from '@cinegraph/embedded/temporary-postgres'
import { createLogger } from '@cinegraph/kit/logger'
import pg from 'pg'
import type { TestProject } from 'vitest/node'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../prisma/migrations')
const TEMPLATE = 'cinegraph_template'
const STOP_MS = 10_000

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
  const postgres = await openTemporaryPostgres(createLogger({ name: 'testkit', level: 'error' }))
  const stop = () => postgres.stop(AbortSignal.timeout(STOP_MS))
  try {
    await postgres.start()
    await makeTemplate(postgres.url)
  } catch (error) {
    await stop()
    throw error
  }
  root.provide('postgresUrl', postgres.url)
  root.provide('postgresTemplate', TEMPLATE)
  return stop
}

async function makeTemplate(server: string): Promise<void> {
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${TEMPLATE}`)
  await admin.end()
  await migrate(databaseUrl(server, TEMPLATE), MIGRATIONS)
}
