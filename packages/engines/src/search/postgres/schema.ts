import { createHash } from 'node:crypto'
import { ConfigError } from '@cinegraph/kit/config'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type pg from 'pg'
import { codeOf, failure, inSchema } from './connection.js'
import { type Mark, readMark, writeMark } from './mark.js'
import { INDEXES, TABLES_SQL } from './schema.sql.js'

/** To be raised with any change of what is written for a document: of folding, of a row, of what makes a word. */
export const DOCUMENTS_VERSION = 2
// any number, the same in every process
const LOCK = 7_265_117

// stems and collation belong to the server: a new one sorts and compares differently, so it needs a new index
const WANTED_SQL = `
SELECT name, obj_description(to_regnamespace(name), 'pg_namespace') AS comment,
  to_regnamespace(name) IS NOT NULL AS present
FROM (
  SELECT 'search_' || left(encode(sha256(convert_to(concat_ws(' ',
    $1::text, current_setting('server_version_num')::int / 10000, (
      SELECT string_agg(pg_collation_actual_version(oid), ' ' ORDER BY collname) FROM pg_collation
      WHERE collname IN ('en-x-icu', 'ru-x-icu') AND collnamespace = 'pg_catalog'::regnamespace
    )
  ), 'UTF8')), 'hex'), 8) AS name
) AS wanted`

const OURS_SQL = `
SELECT nspname AS name, obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace
WHERE CASE WHEN $1::text[] IS NULL THEN nspname ~ '^search_[0-9a-f]{8}$' ELSE nspname = ANY($1) END`

/** A schema of the index, of this release or another. */
export interface IndexSchema {
  readonly name: string
  readonly mark: Mark
}

/**
 * The schema for documents of this version on this server: its name says both, so that releases side by side have one each.
 * Creates it where it is missing and touches no other; any number of processes may call it at once.
 * Throws ConfigError when this database cannot hold it.
 */
export async function ensureSchema(
  pool: pg.Pool,
  log: Logger,
  documentsVersion: number,
): Promise<IndexSchema> {
  const version = createHash('sha256')
    .update([TABLES_SQL, ...INDEXES, documentsVersion].join(';'))
    .digest('hex')
  try {
    const found = await findSchema(pool, version)
    if (found.mark) return { name: found.name, mark: found.mark }
    return await withClient(pool, (client) =>
      locked(client, () => createSchema(client, log, version)),
    )
  } catch (error) {
    throw problem(error)
  }
}

/** The indexes in this database, one for each release, or those of the `names` that there are. Another's schema is none, whatever its name. */
export async function listSchemas(
  client: pg.Pool | pg.ClientBase,
  names?: readonly string[],
): Promise<IndexSchema[]> {
  const { rows } = await client.query<{ name: string; comment: string | null }>(OURS_SQL, [names])
  return rows.flatMap(({ name, comment }) => {
    const mark = readMark(comment ?? '')
    return mark ? [{ name, mark }] : []
  })
}

/** Runs `change` in a transaction, one at a time among all processes. */
export async function locked<T>(client: pg.ClientBase, change: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const result = await change()
    await client.query('COMMIT')
    return result
  } catch (error) {
    // a connection that is broken has taken its transaction with it
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** An empty index, but for what `indexTables` adds. */
export async function makeTables(client: pg.ClientBase, schema: IndexSchema): Promise<void> {
  await client.query(`CREATE SCHEMA ${schema.name}`)
  await client.query(inSchema(schema.name, TABLES_SQL))
  await writeComment(client, schema)
}

/** Lets tables be read by other than ids. `CONCURRENTLY` lets others write meanwhile, and is for no transaction. */
export async function indexTables(
  client: pg.ClientBase,
  name: string,
  how: 'CONCURRENTLY' | '' = '',
): Promise<void> {
  for (const index of INDEXES) {
    await client.query(inSchema(name, `CREATE INDEX ${how} ON ${index}`))
  }
}

export async function writeComment(client: pg.ClientBase, { name, mark }: IndexSchema) {
  await client.query(`COMMENT ON SCHEMA ${name} IS ${client.escapeLiteral(writeMark(mark))}`)
}

/** The database's time as ISO 8601: the clocks of processes differ. */
export async function readTime(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at')
  return rows[0]!.at.toISOString()
}

async function withClient<T>(
  pool: pg.Pool,
  use: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let done = false
  try {
    const result = await use(client)
    done = true
    return result
  } finally {
    client.release(!done)
  }
}

async function findSchema(client: pg.Pool | pg.ClientBase, version: string) {
  const { rows } = await client.query<{ name: string; comment: string | null; present: boolean }>(
    WANTED_SQL,
    [version],
  )
  const { name, comment, present } = rows[0]!
  const mark = readMark(comment ?? '')
  if (present && !mark) throw foreignSchema(name)
  return { name, mark }
}

async function createSchema(
  client: pg.ClientBase,
  log: Logger,
  version: string,
): Promise<IndexSchema> {
  const { name, mark } = await findSchema(client, version)
  // another process was faster
  if (mark) return { name, mark }
  const made = await readTime(client)
  const schema: IndexSchema = { name, mark: { state: 'filling', since: made, made } }
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm')
  await makeTables(client, schema)
  await indexTables(client, name)
  log.info({ schema: name }, 'search schema created')
  return schema
}

const foreignSchema = (name: string) =>
  new ConfigError([`SEARCH_URL: the database has a schema named ${name} that is not this index`])

// no privilege; no such collation or template; the extension is not installed
const UNFIT = new Set(['42501', '42704', '0A000', '58P01'])

function problem(error: unknown): unknown {
  if (error instanceof ConfigError || error instanceof DependencyError) return error
  if (!(error instanceof Error && UNFIT.has(codeOf(error)))) return failure(error)
  return new ConfigError([`SEARCH_URL: the database cannot hold the index: ${error.message}`])
}
