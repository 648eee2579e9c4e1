import type { KeyType, Position } from '../position.js'
import type { Bind } from './connection.js'

/** What rows are sorted by; ties are broken by id in the same direction. NULL must have been replaced by an extreme value. */
export interface SortKey {
  /** SQL over the table's columns. */
  readonly sql: string
  readonly type: KeyType
  readonly direction: 'ASC' | 'DESC'
}

interface Page {
  /** SELECT of `id`, `key` and whatever else is wanted, without order; the page adds `position`, the key as text. */
  readonly rows: string
  readonly sort: SortKey
  readonly position: Position | undefined
  readonly first: number
}

/** One page of `rows`, and one row more when there is a next page. */
export function pageSql(bind: Bind, { rows, sort, position, first }: Page): string {
  const { type, direction } = sort
  const beyond = direction === 'ASC' ? '>' : '<'
  const after = position
    ? `WHERE (key, id) ${beyond} (${bind(position.key)}::text::${type}, ${bind(position.id)}::text)`
    : ''
  return `SELECT matching.*, key::text AS position FROM (${rows}) AS matching ${after}
    ORDER BY key ${direction}, id ${direction} LIMIT ${bind(first + 1)}`
}
