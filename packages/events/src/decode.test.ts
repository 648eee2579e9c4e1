import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { createDecoder } from './decode.js'
import { defineEvent, encodeEvent } from './event.js'
import { defineTopic } from './topic.js'

const topic = defineTopic({ name: 'tests', partitions: 3, retentionDays: 1 })
const rated = defineEvent({
  name: 'film.rated.v1',
  topic,
  payload: z.object({ filmId: z.string(), rating: z.int().min(1).max(10) }),
  keyOf: ({ filmId }) => filmId,
})
const seen = defineEvent({
  name: 'film.seen.v2',
  topic,
  payload: z.object({ filmId: z.string(), at: z.iso.datetime().optional() }),
  keyOf: ({ filmId }) => filmId,
})
const decode = createDecoder([rated, seen])
const id = '0190b2f0-0000-7000-8000-000000000001'
const occurredAt = new Date('2026-01-02T03:04:05.678Z')
const encoded = encodeEvent(rated, { filmId: 'фильм 🎬', rating: 7 }, { occurredAt, id })

test('an event is read as it was written', () => {
  expect(encoded).toMatchObject({ topic: 'tests', id, key: 'фильм 🎬' })
  expect(decode(encoded)).toEqual({
    outcome: 'event',
    event: { name: 'film.rated.v1', id, occurredAt, payload: { filmId: 'фильм 🎬', rating: 7 } },
  })
})

test('events have ids of their own', () => {
  const [one, other] = [1, 2].map((rating) =>
    encodeEvent(rated, { filmId: 'a', rating }, { occurredAt }),
  )
  expect(one!.id).not.toBe(other!.id)
})

test('the name tells the payloads apart', () => {
  const decoded = decode(encoded)
  if (decoded.outcome !== 'event' || decoded.event.name !== 'film.rated.v1') expect.unreachable()
  expectTypeOf(decoded.event.payload).toEqualTypeOf<{ filmId: string; rating: number }>()
})

test('what breaks the contract is not encoded', () => {
  expect(() => encodeEvent(rated, { filmId: 'a', rating: 11 }, { occurredAt })).toThrow(z.ZodError)
})

test('fields that a later release has added are left out', () => {
  const value = JSON.stringify({ filmId: 'a', rating: 7, mood: 'good' })
  expect(decode({ ...encoded, value })).toMatchObject({
    event: { payload: { filmId: 'a', rating: 7 } },
  })
})

const named = (event: string) => ({ ...encoded, headers: { ...encoded.headers, event } })

describe('what is no event of the contracts is an outcome', () => {
  test.each([
    ['another version', named('film.rated.v2'), { outcome: 'unknown-version' }],
    ['an older version', named('film.seen.v1'), { outcome: 'unknown-version' }],
    ['another event', named('genre.changed.v1'), { outcome: 'other', name: 'genre.changed.v1' }],
    ['a version alone', named('v1'), { outcome: 'other', name: 'v1' }],
    ['no name', { ...encoded, headers: {} }, { outcome: 'invalid' }],
    ['a name of objects', { ...named('constructor') }, { outcome: 'other' }],
    ['no JSON', { ...encoded, value: '{"filmId":' }, { outcome: 'invalid' }],
    [
      'a bad payload',
      { ...encoded, value: '{"filmId":"a","rating":70}' },
      { outcome: 'invalid', problems: [expect.stringMatching(/^payload\.rating: /)] },
    ],
    [
      'no time',
      { ...encoded, headers: { event: 'film.rated.v1' } },
      { outcome: 'invalid', problems: [expect.stringMatching(/^occurredAt: /)] },
    ],
  ])('%s', (_, record, outcome) => {
    expect(decode(record)).toMatchObject(outcome)
  })
})
