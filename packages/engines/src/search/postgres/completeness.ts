import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type pg from 'pg'
import { failure } from './connection.js'
import type { Mark } from './mark.js'
import { type IndexSchema, listSchemas, locked, readTime, writeComment } from './schema.js'

/** Throws DependencyError, also when somebody has deleted the schema. */
export async function markOf(pool: pg.Pool, name: string): Promise<Mark> {
  return find(await listSchemas(pool).catch(rethrow), name).mark
}

/**
 * Makes `name` the complete index, the one before superseded, and drops what no release needs any more: see `outdated`.
 * Throws DependencyError, but not when only the dropping fails: the next one to complete an index tries it again.
 */
export async function markComplete(pool: pg.Pool, log: Logger, name: string): Promise<void> {
  const schemas = await locked(pool, (client) => mark(client, name)).catch(rethrow)
  for (const { name: schema } of outdated(schemas, name)) {
    try {
      await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
      log.info({ schema }, 'search schema of an earlier release dropped')
    } catch (error) {
      log.warn({ schema, err: error }, 'could not drop the search schema of an earlier release')
    }
  }
}

/** Returns every schema as it is marked then. */
async function mark(client: pg.ClientBase, name: string): Promise<IndexSchema[]> {
  const found = await listSchemas(client)
  find(found, name)
  const now = await readTime(client)
  const marked = found.map((schema) => ({ ...schema, mark: nextMark(schema, name, now) }))
  for (const [index, schema] of marked.entries()) {
    if (schema.mark !== found[index]!.mark) await writeComment(client, schema)
  }
  return marked
}

function nextMark({ name, mark }: IndexSchema, complete: string, now: string): Mark {
  if (name === complete && mark.state !== 'complete')
    return { ...mark, state: 'complete', since: now }
  if (name !== complete && mark.state === 'complete')
    return { ...mark, state: 'superseded', since: now }
  return mark
}

/**
 * The schemas made before that of `name`, but for the one superseded last: processes of that release may still run, and a
 * roll-back returns to it. One that was made later is the next release's, and may be just being filled.
 */
function outdated(schemas: readonly IndexSchema[], name: string): IndexSchema[] {
  const own = find(schemas, name)
  const earlier = schemas.filter(({ mark }) => mark.made < own.mark.made)
  const previous = earlier
    .filter(({ mark }) => mark.state === 'superseded')
    .toSorted((a, b) => (a.mark.since < b.mark.since ? 1 : -1))[0]
  return earlier.filter((it) => it !== previous)
}

function find(schemas: readonly IndexSchema[], name: string): IndexSchema {
  const found = schemas.find((it) => it.name === name)
  if (!found) throw new DependencyError('search', `there is no schema ${name} any more`)
  return found
}

const rethrow = (error: unknown): never => {
  throw error instanceof DependencyError ? error : failure(error)
}
