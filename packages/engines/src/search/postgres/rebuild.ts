import { setTimeout as sleep } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type pg from 'pg'
import type { RebuildOutcome } from '../search-index.js'
import { completeIn } from './completeness.js'
import { failure, inSchema, type Run, runOn } from './connection.js'
import { indexTables, listSchemas, locked, makeTables, readTime } from './schema.js'

// with the hash of a schema's name: no other lock of ours has two numbers
const REBUILD_LOCK = 7_265_118
// readers run no longer, unless they were given more time; what is left is for the next rebuild
const LONGEST_READ_MS = 30_000
const LOOK_AGAIN_MS = 20

const nextOf = (name: string) => `${name}_next`
const oldOf = (name: string) => `${name}_old`

export interface Rebuilt {
  pool: pg.Pool
  log: Logger
  /** The schema that is built anew. */
  name: string
}

/**
 * Runs `write` on the schema that is being built beside `name`, where there is one, and then on `name`. In this order nothing is lost
 * when they are exchanged in between: what the first write was for is `name` then.
 */
export async function writeToBoth(
  pool: pg.Pool,
  name: string,
  write: (run: Run) => Promise<void>,
): Promise<void> {
  const run = runOn(pool, nextOf(name))
  const isThere = async () => {
    const sql = `SELECT to_regclass('search.films') IS NOT NULL AS there`
    const [row] = await run<{ there: boolean }>(sql, [])
    return row!.there
  }
  if (await isThere()) {
    await write(run).catch(async (error: unknown) => {
      if (await isThere()) throw error
    })
  }
  await write(runOn(pool, name))
}

/**
 * Makes a schema beside that of `rebuilt`, lets `fill` fill it and exchanges the two. A lock of the session is held all along, so
 * the end of the process ends the rebuild, and the next one clears up behind it.
 */
export async function rebuild(
  rebuilt: Rebuilt,
  fill: (next: string) => Promise<void>,
): Promise<RebuildOutcome> {
  const { pool, log, name } = rebuilt
  const client = await pool.connect().catch(rethrow)
  // one that breaks while `fill` works cannot exchange anything
  client.on('error', (error) => log.warn({ err: error }, 'lost the connection of a rebuild'))
  try {
    if (!(await lock(client, name).catch(rethrow))) return 'busy'
    await drop(client, rebuilt, [nextOf(name), oldOf(name)]).catch(rethrow)
    await begin(client, name).catch(rethrow)
    const outdated = await fillAndExchange(client, rebuilt, fill)
    await clearUp(client, rebuilt, [
      oldOf(name),
      ...outdated.flatMap((it) => [it, nextOf(it), oldOf(it)]),
    ])
    return 'done'
  } finally {
    // closing the connection would do, but only in a while
    await unlock(client).catch(() => {})
    client.release(true)
  }
}

async function lock(client: pg.ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_lock($1, hashtext($2)) AS taken',
    [REBUILD_LOCK, name],
  )
  return rows[0]!.taken
}

const unlock = (client: pg.ClientBase) => client.query('SELECT pg_advisory_unlock_all()')

const begin = (client: pg.ClientBase, name: string) =>
  locked(client, async () => {
    const own = (await listSchemas(client)).find((it) => it.name === name)
    if (!own) throw new DependencyError('search', `there is no schema ${name} any more`)
    const since = await readTime(client)
    await makeTables(client, { name: nextOf(name), mark: { ...own.mark, state: 'filling', since } })
  })

/** Returns the schemas that no release needs any more. */
async function fillAndExchange(
  client: pg.ClientBase,
  rebuilt: Rebuilt,
  fill: (next: string) => Promise<void>,
): Promise<string[]> {
  const { name } = rebuilt
  try {
    await fill(nextOf(name))
    await finish(client, nextOf(name)).catch(rethrow)
    return await locked(client, () => exchange(client, name)).catch(rethrow)
  } catch (error) {
    await clearUp(client, rebuilt, [nextOf(name)])
    throw error
  }
}

const TABLES = [
  'films',
  'film_facts',
  'facet_films',
  'films_by_genre',
  'person_films',
  'credit_films',
  'persons',
  'genres',
  'vocabulary',
]

// to be indexed while writers wait, which takes a second
const SMALL_BYTES = 64 * 1024 * 1024

/**
 * What makes writing slow when it is there from the beginning. Takes as long as it takes: writers of a large index do not wait for it, but
 * it does for transactions that have begun before, of whoever.
 */
async function finish(client: pg.ClientBase, name: string): Promise<void> {
  await client.query(`SET statement_timeout = 0`)
  await client.query(`SET maintenance_work_mem = '256MB'`)
  const { rows } = await client.query<{ small: boolean }>(
    `SELECT pg_table_size('${name}.films') < ${SMALL_BYTES} AS small`,
  )
  await indexTables(client, name, rows[0]!.small ? '' : 'CONCURRENTLY')
  // nothing is known of a new table, and what is asked next needs the right plan; one that is locked is left to the server
  await client.query(`ANALYZE (SKIP_LOCKED) ${TABLES.map((table) => `${name}.${table}`).join()}`)
  await client.query('RESET statement_timeout')
}

async function exchange(client: pg.ClientBase, name: string): Promise<string[]> {
  // whoever writes waits for the commit, and finds the new tables then: names are looked up again after waiting for a lock
  const tables = 'search.films, search.persons, search.genres, search.vocabulary'
  await client.query(inSchema(name, `LOCK TABLE ${tables} IN SHARE MODE`))
  await client.query(`ALTER SCHEMA ${name} RENAME TO ${oldOf(name)}`)
  await client.query(`ALTER SCHEMA ${nextOf(name)} RENAME TO ${name}`)
  return completeIn(client, name)
}

/** What cannot be dropped now is left to the next rebuild. Who has lost the lock has lost `client`, and drops nothing of another's. */
async function clearUp(
  client: pg.ClientBase,
  rebuilt: Rebuilt,
  schemas: readonly string[],
): Promise<void> {
  const { log } = rebuilt
  try {
    await readersGone(client)
    for (const schema of schemas) await drop(client, rebuilt, [schema])
  } catch (error) {
    log.warn({ err: error }, 'could not drop search schemas that nobody needs')
  }
}

/** Waits for statements that may have begun with the old schema: not all that they use of it is locked. */
async function readersGone(client: pg.ClientBase): Promise<void> {
  const exchanged = await readTime(client)
  const deadline = performance.now() + LONGEST_READ_MS
  while (performance.now() < deadline) {
    const { rows } = await client.query<{ reading: boolean }>(
      `SELECT EXISTS (
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend' AND state = 'active' AND xact_start <= $1
      ) AS reading`,
      [exchanged],
    )
    if (!rows[0]!.reading) return
    await sleep(LOOK_AGAIN_MS)
  }
}

/** Drops those of the schemas that are ours. */
async function drop(
  client: pg.ClientBase,
  { log }: Rebuilt,
  names: readonly string[],
): Promise<void> {
  for (const { name: schema } of await listSchemas(client, names)) {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
    log.info({ schema }, 'search schema dropped')
  }
}

const rethrow = (error: unknown): never => {
  throw error instanceof DependencyError ? error : failure(error)
}
