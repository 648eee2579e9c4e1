import { DependencyError } from '@cinegraph/kit/errors'
import type pg from 'pg'

/** Runs one statement. Throws DependencyError. */
export type Run = <R extends object>(sql: string, values: readonly unknown[]) => Promise<R[]>

/** Gives a value its place among a statement's parameters, e.g. `$3`. */
export type Bind = (value: unknown) => string

export function createBindings(): { readonly values: readonly unknown[]; readonly bind: Bind } {
  const values: unknown[] = []
  return { values, bind: (value) => `$${values.push(value)}` }
}

/** SQL is written for a schema named `search`: this names the one that the index has. */
export const inSchema = (schema: string, sql: string): string =>
  sql.replaceAll(/\bsearch\./g, `${schema}.`)

export const runOn =
  (client: pg.Pool | pg.ClientBase, schema: string): Run =>
  async <R extends object>(sql: string, values: readonly unknown[]) => {
    const result = await client
      .query<R>(inSchema(schema, sql), values.map(withoutUnstorable))
      .catch((error: unknown) => {
        throw failure(error)
      })
    return result.rows
  }

const QUERY_CANCELED = '57014'

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

export const failure = (error: unknown) =>
  new DependencyError(
    'search',
    codeOf(error) === QUERY_CANCELED ? 'the query took too long' : 'the query failed',
    { cause: error },
  )

/** Postgres stores neither U+0000 nor half of a surrogate pair, in text or in JSON. */
export const storable = (text: string): string => text.replace(/[\0\p{Surrogate}]/gu, '')

function withoutUnstorable(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  return Array.isArray(value) ? value.map(withoutUnstorable) : value
}
