import { DependencyError } from '@cinegraph/kit/errors'
import type pg from 'pg'
import { failure } from './connection.js'
import type { Mark } from './mark.js'
import { type IndexSchema, listSchemas, readTime, writeComment } from './schema.js'

/** Throws DependencyError, also when somebody has deleted the schema. */
export async function markOf(pool: pg.Pool, name: string): Promise<Mark> {
  const schemas = await listSchemas(pool).catch((error: unknown) => {
    throw failure(error)
  })
  return find(schemas, name).mark
}

/** Makes `name` the complete index and the one before superseded. Returns the schemas that no release needs any more: see `outdated`. */
export async function completeIn(client: pg.ClientBase, name: string): Promise<string[]> {
  const found = await listSchemas(client)
  const now = await readTime(client)
  const marked = found.map((schema) => ({ ...schema, mark: nextMark(schema, name, now) }))
  for (const [index, schema] of marked.entries()) {
    if (schema.mark !== found[index]!.mark) await writeComment(client, schema)
  }
  return outdated(marked, name).map((schema) => schema.name)
}

function nextMark({ name, mark }: IndexSchema, complete: string, now: string): Mark {
  if (name === complete) return { ...mark, state: 'complete', since: now }
  return mark.state === 'complete' ? { ...mark, state: 'superseded', since: now } : mark
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
