import type { z } from 'zod'
import { AppError } from './errors.js'
import { parseJson } from './json.js'

/** An opaque position in a list: the sort key of an item, as JSON. */
export const encodeCursor = (key: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url')

/** Reads back a key of `encodeCursor`. Throws BAD_USER_INPUT for anything that is not one of this list's cursors. */
export function decodeCursor<S extends z.ZodType>(schema: S, cursor: string): z.output<S> {
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()))
  if (parsed.success) return parsed.data
  throw new AppError('BAD_USER_INPUT', 'after: is not a cursor of this list', {
    argument: ['after'],
  })
}
