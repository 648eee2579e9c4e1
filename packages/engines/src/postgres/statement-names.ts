import { createHash } from 'node:crypto'
import type pg from 'pg'

/** A name for a statement that is to be prepared, the same for the same text; undefined for one that is to be parsed each time. */
export type StatementNames = (text: string) => string | undefined

/** Each takes some ten kilobytes in every connection, for as long as it is open. */
const MOST_NAMED = 200
/** Texts of which it is remembered that they were sent once. */
const MOST_SEEN = 1_000

/**
 * Names statements from the second time on. Texts vary with what a client filters by, so no more than `most` are named: what comes
 * later is parsed each time, as all statements would be without.
 */
export function createStatementNames(most = MOST_NAMED): StatementNames {
  const names = new Map<string, string>()
  const seen = new Set<string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined || names.size >= most) return known
    if (!seen.delete(text)) {
      if (seen.size >= MOST_SEEN) seen.delete(seen.values().next().value!)
      seen.add(text)
      return undefined
    }
    const name = `cinegraph_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`
    names.set(text, name)
    return name
  }
}

const none: StatementNames = () => undefined
const ofPools = new WeakMap<pg.Pool, StatementNames>()

/** Those of a pool: all who use it share one bound. */
export function statementNamesOf(pool: pg.Pool): StatementNames {
  const known = ofPools.get(pool)
  if (known) return known
  const { connectionString = '' } = pool.options
  const names = preparesStatements(connectionString) ? createStatementNames() : none
  ofPools.set(pool, names)
  return names
}

/** Not with `pgbouncer=true`, which says that a connection may be another one from one statement to the next. */
export const preparesStatements = (url: string): boolean =>
  !URL.canParse(url) || new URL(url).searchParams.get('pgbouncer') !== 'true'
