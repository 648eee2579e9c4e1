import { createHash } from 'node:crypto'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { AppError } from '@cinegraph/kit/errors'
import { z } from 'zod'
import { readingSchema, type Reading } from './reading/reading.js'

export type KeyType = 'text' | 'float8' | 'numeric' | 'int4'

/** Where a page starts: after the row that had this key and id. */
export interface Position {
  /** As the engine writes it. */
  readonly key: string
  readonly id: string
  readonly reading: Reading | undefined
}

// Postgres takes no NUL in a text
const text = z.string().regex(/^[^\0]*$/)
const cursorSchema = z.tuple([text, text, text, readingSchema.nullable()])
/** What Postgres writes for our keys, and small enough that it can read it back. */
const NUMBER = /^(-?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,2})?|-?Infinity)$/
const KEYS: Readonly<Record<KeyType, RegExp>> = {
  text: /^/,
  float8: NUMBER,
  numeric: NUMBER,
  int4: /^-?\d{1,9}$/,
}

/** What the cursors of one list have in common. */
interface Listed {
  /** What is listed, the text, the sort: whatever tells this list from others. */
  readonly list: readonly unknown[]
  readonly type: KeyType
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
