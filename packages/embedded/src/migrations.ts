import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import {
  migrationList,
  NO_FILTERS,
  withSchemaEngine,
  type Migration,
  type SchemaFile,
} from './schema-engine.js'

export type { Migration, SchemaFile } from './schema-engine.js'

/** The migrations of a folder such as `prisma/migrations`, in order. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((it) => it.isDirectory()).map((it) => it.name)
  return Promise.all(
    names.toSorted().map(async (name) => ({
      name,
      sql: await readFile(path.join(folder, name, 'migration.sql'), 'utf8'),
    })),
  )
}

/** The `.prisma` files of a folder such as `prisma/schema`. */
export async function readSchema(folder: string): Promise<SchemaFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.prisma'))
  return Promise.all(
    names.toSorted().map(async (name) => ({
      path: name,
      content: await readFile(path.join(folder, name), 'utf8'),
    })),
  )
}

/** Applying needs no models, but the engine wants a schema. */
const DATASOURCE = {
  path: 'datasource.prisma',
  content: 'datasource db {\n  provider = "postgresql"\n}\n',
}

/**
 * Applies to the database what is missing of the migrations in `folder`, in order, under Prisma's advisory lock. Keeps
 * `_prisma_migrations` as `prisma migrate deploy` does. Returns the names applied.
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder)
  if (await isUpToDate(url, migrations)) return []
  return withSchemaEngine({ url, schema: [DATASOURCE] }, async (engine) => {
    const migrationsList = migrationList(migrations)
    const answer = await engine.applyMigrations({ filters: NO_FILTERS, migrationsList })
    return answer.appliedMigrationNames
  })
}

const UNKNOWN_TABLE = '42P01'

/** One cheap question, so that a start with nothing to apply does not load the engine. */
async function isUpToDate(url: string, migrations: readonly Migration[]): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string; finished: boolean }>(
      `SELECT migration_name AS name, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    )
    const finished = new Set(rows.filter((row) => row.finished).map((row) => row.name))
    return finished.size === rows.length && migrations.every(({ name }) => finished.has(name))
  } catch (error) {
    if ((error as pg.DatabaseError).code === UNKNOWN_TABLE) return false
    throw error
  } finally {
    await client.end()
  }
}

export interface DiffOptions {
  /** Any database of a server on which two throw-away databases may be made. */
  url: string
  schema: readonly SchemaFile[]
  migrations: readonly Migration[]
}

/** The SQL that is missing between `migrations` and `schema`; empty when they agree. */
export async function diff({ url, schema, migrations }: DiffOptions): Promise<string> {
  return withScratchDatabases(url, ([main, shadow]) =>
    withSchemaEngine({ url: main, shadowUrl: shadow, schema }, async (engine) => {
      const { stdout } = await engine.diff({
        from: { tag: 'migrations', ...migrationList(migrations) },
        to: { tag: 'schemaDatamodel', files: [...schema] },
        script: true,
        exitCode: true,
        filters: NO_FILTERS,
      })
      return stdout ?? ''
    }),
  )
}

async function withScratchDatabases<T>(
  url: string,
  use: (urls: [string, string]) => Promise<T>,
): Promise<T> {
  const suffix = `${process.pid}_${Date.now()}`
  const names = [`cinegraph_diff_${suffix}`, `cinegraph_shadow_${suffix}`] as const
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const name of names) await client.query(`CREATE DATABASE ${name}`)
    return await use([databaseUrl(url, names[0]), databaseUrl(url, names[1])])
  } finally {
    for (const name of names) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await client.end()
  }
}

/** `url` with another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
