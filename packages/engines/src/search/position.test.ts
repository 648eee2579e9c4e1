import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createPositions } from './position.js'

const READING = [{ forms: ['lang'], near: ['long'] }, { phrase: ['the', 'kid'] }]
const byScore = createPositions({ list: ['films', 'lang'], type: 'numeric', searched: true })
const byTitle = createPositions({ list: ['films', ''], type: 'text', searched: false })

const markOf = (cursor: string) => decodeCursor(z.array(z.unknown()), cursor)[0]
const mark = markOf(byScore.write({ key: '1', id: 'a', reading: READING }))
const titleMark = markOf(byTitle.write({ key: 'a', id: 'a', reading: undefined }))

describe('a cursor', () => {
  test.each(['0', '-0.000123', '8.25', '1e-07', '3.5e+20', 'Infinity', '-Infinity'])(
    'leads back to the key %s',
    (key) => {
      const position = { key, id: 'a', reading: READING }
      expect(byScore.read(byScore.write(position))).toEqual(position)
    },
  )

  test('leads back to any text', () => {
    const position = { key: 'Ёлка "1e999" \u{1F3AC}', id: 'a', reading: undefined }
    expect(byTitle.read(byTitle.write(position))).toEqual(position)
  })

  test.each<[string, unknown[]]>([
    ['a number that Postgres cannot hold', [mark, '1e999', 'a', READING]],
    ['a number of a thousand digits', [mark, '9'.repeat(1000), 'a', READING]],
    ['a key that is no number', [mark, '1; DROP', 'a', READING]],
    ['no reading although a text is searched', [mark, '1', 'a', null]],
    ['a reading with operators', [mark, '1', 'a', [{ forms: ["lang' | 'x"], near: [] }]]],
    ['a phrase with operators', [mark, '1', 'a', [{ phrase: ['the', "kid' | 'x"] }]]],
    ['another mark', ['another', '1', 'a', READING]],
    ['a NUL in the id', [mark, '1', 'a\0', READING]],
  ])('that is forged with %s is refused', (_, forged) => {
    expect(() => byScore.read(encodeCursor(forged))).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }) as Error,
    )
  })

  test.each<[string, unknown[]]>([
    ['a reading although no text is searched', [titleMark, 'a', 'a', READING]],
    ['a NUL in the key', [titleMark, 'a\0', 'a', null]],
  ])('that is forged with %s is refused', (_, forged) => {
    expect(() => byTitle.read(encodeCursor(forged))).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }) as Error,
    )
  })
})
