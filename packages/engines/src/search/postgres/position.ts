import { createHash } from 'node:crypto'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { AppError } from '@cinegraph/kit/errors'
import { z } from 'zod'
import type { Bind } from './connection.js'
import { readingSchema, type Reading } from './reading.js'

/** What rows are sorted by; ties are broken by id in the same direction. NULL must have been replaced by an extreme value. */
export interface SortKey {
  /** SQL over the table's columns. */
  readonly sql: string
  readonly type: 'text' | 'float8' | 'numeric' | 'int4'
  readonly direction: 'ASC' | 'DESC'
}

/** Where a page starts: after the row that had this key and id. */
export interface Position {
  /** As Postgres writes it. */
  readonly key: string
  readonly id: string
  readonly reading: Reading | undefined
}

// Postgres takes no NUL in a text
const text = z.string().regex(/^[^\0]*$/)
const cursorSchema = z.tuple([text, text, text, readingSchema.nullable()])
/** What Postgres writes for our keys, and small enough that it can read it back. */
const NUMBER = /^(-?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,2})?|-?Infinity)$/
const KEYS: Readonly<Record<SortKey['type'], RegExp>> = {
  text: /^/,
  float8: NUMBER,
  numeric: NUMBER,
  int4: /^-?\d{1,9}$/,
}

/** What the cursors of one list have in common. */
interface Listed {
  /** What is listed, the text, the sort: whatever tells this list from others. */
  readonly list: readonly unknown[]
  readonly type: SortKey['type']
  /** Whether a text is searched: then a cursor says how it was read. */
  readonly searched: boolean
}

/** Cursors of one list: they are refused in any other. */
export function createPositions({ list, type, searched }: Listed) {
  const mark = createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 8)
  return {
    write: ({ key, id, reading }: Position) => encodeCursor([mark, key, id, reading ?? null]),
    /** Throws BAD_USER_INPUT. */
    read(cursor: string): Position {
      const [from, key, id, reading] = decodeCursor(cursorSchema, cursor)
      const fits = KEYS[type].test(key) && searched === (reading !== null)
      if (from !== mark || !fits) {
        throw new AppError('BAD_USER_INPUT', 'after: is a cursor of another list, text or sort', {
          argument: ['after'],
        })
      }
      return { key, id, reading: reading ?? undefined }
    },
  }
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
