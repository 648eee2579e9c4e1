import { createHash } from 'node:crypto'
import { ConfigError } from '@cinegraph/kit/config'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type pg from 'pg'
import { codeOf, failure, runOn, type Run } from './connection.js'
import { SCHEMA_SQL } from './schema.sql.js'

const MARK = 'cinegraph search index'
/** To be raised with any change of what is written for a document: of folding, of a row, of what makes a word. */
const DOCUMENTS_VERSION = 1
const DIGEST = createHash('sha256')
  .update(`${SCHEMA_SQL}${DOCUMENTS_VERSION}`)
  .digest('hex')
  .slice(0, 16)
// any number, the same in every process
const LOCK = 7_265_117

// stems and collation belong to the server: a new one sorts and compares differently, so it needs a new index
const STATE_SQL = `
SELECT to_regnamespace('search') IS NOT NULL AS present,
  coalesce(obj_description(to_regnamespace('search'), 'pg_namespace'), '') AS found,
  concat_ws(' ', '${MARK}', '${DIGEST}', current_setting('server_version_num')::int / 10000, (
    SELECT string_agg(pg_collation_actual_version(oid), ' ' ORDER BY collname) FROM pg_collation
    WHERE collname IN ('en-x-icu', 'ru-x-icu') AND collnamespace = 'pg_catalog'::regnamespace
  )) AS wanted`

interface State {
  present: boolean
  found: string
  wanted: string
}

/**
 * Creates the index's schema, or replaces one of another version by an empty one. Any number of processes may call it at once.
 * Throws ConfigError when this database cannot hold it.
 */
export async function ensureSchema(pool: pg.Pool, log: Logger): Promise<void> {
  const state = await stateOf(runOn(pool))
  if (state.found === state.wanted) return
  const client = await pool.connect().catch((error: unknown) => {
    throw failure(error)
  })
  let done = false
  try {
    await rebuild(client, log)
    done = true
  } catch (error) {
    throw problem(error)
  } finally {
    // a connection that is closed takes its transaction with it
    client.release(!done)
  }
}

async function stateOf(run: Run): Promise<State> {
  const [state] = await run<State>(STATE_SQL, [])
  return state!
}

async function rebuild(client: pg.ClientBase, log: Logger): Promise<void> {
  await client.query('BEGIN')
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
  const { present, found, wanted } = await stateOf(runOn(client))
  if (found !== wanted) {
    if (present && !found.startsWith(MARK)) throw foreignSchema()
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm')
    await client.query('DROP SCHEMA IF EXISTS search CASCADE')
    await client.query(SCHEMA_SQL)
    await client.query(`COMMENT ON SCHEMA search IS ${client.escapeLiteral(wanted)}`)
    log.info({ replaced: present }, 'search schema created')
  }
  await client.query('COMMIT')
}

const foreignSchema = () =>
  new ConfigError(['SEARCH_URL: the database has a schema named search that is not this index'])

// no privilege; no such collation or template; the extension is not installed
const UNFIT = new Set(['42501', '42704', '0A000', '58P01'])

function problem(error: unknown): unknown {
  if (error instanceof ConfigError || error instanceof DependencyError) return error
  if (!(error instanceof Error && UNFIT.has(codeOf(error)))) return failure(error)
  return new ConfigError([`SEARCH_URL: the database cannot hold the index: ${error.message}`])
}
