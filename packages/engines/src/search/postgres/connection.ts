import { DependencyError } from '@cinegraph/kit/errors'
import type pg from 'pg'
import { statementNamesOf } from '../../postgres/statement-names.js'
import { storable } from '../storable.js'

/** Runs one statement. Throws DependencyError, and what the driver throws where a value is to blame. */
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

export const runOn = (pool: pg.Pool, schema: string): Run => {
  const nameOf = statementNamesOf(pool)
  return async <R extends object>(sql: string, values: readonly unknown[]) => {
    const text = inSchema(schema, sql)
    const query = { name: nameOf(text), text, values: values.map(withoutUnstorable) }
    const result = await pool.query<R>(query).catch((error: unknown) => {
      throw failure(error)
    })
    return result.rows
  }
}

const QUERY_CANCELED = '57014'

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

// SQLSTATE: a value that cannot be, a limit of the server that a value exceeds
const OF_VALUES = new Set(['22', '54'])

/** What to throw for an error of the driver: one that a value is to blame for stays as it is, since no waiting helps. */
export function failure(error: unknown): unknown {
  const code = codeOf(error)
  if (OF_VALUES.has(code.slice(0, 2))) return error
  const message = code === QUERY_CANCELED ? 'the query took too long' : 'the query failed'
  return new DependencyError('postgres', message, { cause: error })
}

function withoutUnstorable(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  return Array.isArray(value) ? value.map(withoutUnstorable) : value
}
