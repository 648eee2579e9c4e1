import { expect, it } from 'vitest'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from './cursor.js'

const key = z.tuple([z.string().nullable(), z.int()])

it.each<readonly [string | null, number]>([
  ['Ёлки', 3],
  [null, 0],
  ['', -1],
])('brings back [%j, %j]', (...values) => {
  const cursor = encodeCursor(values)
  expect(cursor).toMatch(/^[\w-]+$/)
  expect(decodeCursor(key, cursor)).toEqual(values)
})

it.each(['', 'not a cursor', 'bnVsbA', encodeCursor(['a']), encodeCursor([1, 1]), '💥'])(
  'refuses %j',
  (cursor) => {
    expect(() => decodeCursor(key, cursor)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        details: { argument: ['after'] },
      }) as Error,
    )
  },
)
