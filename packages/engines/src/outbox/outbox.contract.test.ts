import { randomUUID } from 'node:crypto'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Postgres } from '../postgres/open.js'
import { announce, type OutboxEvent } from './outbox.repository.js'

let postgres: Postgres
beforeAll(async () => {
  postgres = await openTestPostgres()
})
beforeEach(() => postgres.pool.query('TRUNCATE platform.outbox'))

const eventOf = (value: string): OutboxEvent => ({
  ...{ topic: 'domain-events', id: randomUUID(), key: 'ключ "1"' },
  headers: { event: 'film.changed.v1', odd: '{"a": 1}\\' },
  value,
})
const rows = () => postgres.prisma.outboxRow.findMany({ orderBy: { id: 'asc' } })
const genre = () => ({ data: { id: randomUUID(), slug: randomUUID() } })

test('events are rows of the transaction that they are announced in, in their order', async () => {
  const { prisma } = postgres
  const events = Array.from({ length: 2_000 }, (_, i) => eventOf(`{"ё": ${i}}`))
  await prisma.$transaction([prisma.genre.create(genre()), announce(prisma, events)])
  const written = (await rows()).map(({ topic, key, eventId: id, headers, value }) => ({
    ...{ topic, key, id, headers, value },
  }))
  expect(written).toEqual(events)
})

test('a transaction that rolls back announces nothing', async () => {
  const { prisma } = postgres
  const { data } = genre()
  const twice = [1, 2].map(() => prisma.genre.create({ data }))
  const before = prisma.$transaction([announce(prisma, [eventOf('{}')]), ...twice])
  await expect(before).rejects.toMatchObject({ code: 'P2002' })
  const inside = prisma.$transaction(async (tx) => {
    await announce(tx, [eventOf('{}')])
    throw new Error('changed my mind')
  })
  await expect(inside).rejects.toThrow('changed my mind')
  expect(await rows()).toEqual([])
})

test('nothing to announce is nothing', async () => {
  await postgres.prisma.$transaction([announce(postgres.prisma, [])])
  expect(await rows()).toEqual([])
})

test('what the event log would refuse is refused before the transaction', async () => {
  expect(() => announce(postgres.prisma, [eventOf('{}'), eventOf('\0')])).toThrow(RangeError)
})
