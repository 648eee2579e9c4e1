import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { connectProblem } from '@cinegraph/engines/postgres/connect-problem'
import { ConfigError } from '@cinegraph/kit/config'
import pg from 'pg'

export interface Migration {
  /** `<timestamp>_<name>` */
  readonly name: string
  readonly sql: string
}

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

const CONNECT_TIMEOUT_MS = 5_000

/**
 * Applies to the database what it lacks of the migrations in `folder`, in order, each in a transaction of its own, while
 * no other process does. The history in `_prisma_migrations` is the one that `prisma migrate deploy` keeps, so either may
 * go on where the other stopped. Returns the names applied. A history that
 * does not fit, like a database that cannot be reached, is a ConfigError that names DATABASE_URL.
 *
 * Prisma's own engine is not used here: it is 3 MB of WebAssembly to compile at every first start, and it leaves a timer
 * that holds the process for ten seconds.
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'cinegraph migrate',
  })
  // a connection that breaks fails its query; without a listener it would also end the process
  client.on('error', () => {})
  await client.connect().catch((error: unknown) => {
    throw connectProblem(error, url)
  })
  try {
    // most starts end with this one question
    if ((await missingMigrations(client, migrations)).length === 0) return []
    return await withLock(client, async () => {
      await client.query(CREATE_HISTORY)
      const missing = await missingMigrations(client, migrations)
      for (const migration of missing) await apply(client, migration)
      return missing.map(({ name }) => name)
    })
  } finally {
    await client.end()
  }
}

const UNKNOWN_TABLE = '42P01'

interface HistoryRow {
  name: string
  checksum: string
  finished: boolean
}

async function missingMigrations(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<Migration[]> {
  const { rows } = await client
    .query<HistoryRow>(
      `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    )
    .catch((error: unknown) => {
      if ((error as pg.DatabaseError).code === UNKNOWN_TABLE) return { rows: [] }
      throw error
    })
  const failed = rows.find((row) => !row.finished)
  if (failed) {
    throw new ConfigError([
      `DATABASE_URL: migration ${failed.name} failed half way in this database; repair it, then \`prisma migrate resolve\``,
    ])
  }
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  const edited = migrations.find(
    (it) => applied.has(it.name) && applied.get(it.name) !== checksum(it),
  )
  if (edited) {
    throw new ConfigError([
      `DATABASE_URL: migration ${edited.name} was applied to this database and edited afterwards; add a new one instead, or \`npm run reset\` embedded data`,
    ])
  }
  return migrations.filter(({ name }) => !applied.has(name))
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    const startedAt = new Date()
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO _prisma_migrations
         (id, checksum, migration_name, logs, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, '', $4, now(), 1)`,
      [randomUUID(), checksum(migration), migration.name, startedAt],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(`migration ${migration.name} failed and was rolled back`, { cause: error })
  }
}

const checksum = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex')

/** The advisory lock of Prisma Migrate. */
const LOCK = 72707369

async function withLock<T>(client: pg.Client, use: () => Promise<T>): Promise<T> {
  await client.query(`SELECT pg_advisory_lock(${LOCK})`)
  try {
    return await use()
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${LOCK})`)
  }
}

/** As Prisma creates it. */
const CREATE_HISTORY = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`
