import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { databaseUrl } from '@cinegraph/embedded/database-url'
import { migrate } from '@cinegraph/embedded/migrations'
import { openTemporaryPostgres } from '@cinegraph/embedded/temporary-postgres'
import { createLogger } from '@cinegraph/kit/logger'
import type { TestProject } from 'vitest/node'
import { askServer } from './ask-server.js'
import { realServer } from './real-server.js'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../prisma/migrations')
const STOP_MS = 10_000

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server's own database; only for making others. */
    postgresUrl: string
    /** Name of a migrated database, empty of rows but for those that migrations insert. */
    postgresTemplate: string
  }
}

interface Server {
  readonly url: string
  /** Leaves nothing behind. */
  leave(template: string): Promise<unknown>
}

/** One Postgres for a run, migrated once: that of TEST_POSTGRES_URL, or else an embedded one. Unit tests alone need none. */
export async function setup(root: TestProject): Promise<(() => Promise<unknown>) | undefined> {
  if (root.vitest.projects.every(({ name }) => name === 'unit')) return undefined
  const url = realServer('postgres')
  const server = url === undefined ? await startEmbedded() : realOne(url)
  // two runs at once may share a real one
  const template = `template_${randomUUID().replaceAll('-', '')}`
  try {
    await askServer(server.url, `CREATE DATABASE ${template} TEMPLATE template0`)
    await migrate(databaseUrl(server.url, template), MIGRATIONS)
  } catch (error) {
    await server.leave(template)
    throw error
  }
  root.provide('postgresUrl', server.url)
  root.provide('postgresTemplate', template)
  return () => server.leave(template)
}

const realOne = (url: string): Server => ({
  url,
  leave: (template) => askServer(url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`),
})

async function startEmbedded(): Promise<Server> {
  const postgres = await openTemporaryPostgres(createLogger({ name: 'testkit', level: 'error' }))
  const leave = () => postgres.stop(AbortSignal.timeout(STOP_MS))
  await postgres.start().catch(async (error: unknown) => {
    await leave()
    throw error
  })
  return { url: postgres.url, leave }
}
