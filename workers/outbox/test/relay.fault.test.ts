import type { EventLog } from '@cinegraph/engines/event-log/event-log'
import { announce } from '@cinegraph/engines/outbox/outbox.repository'
import { DependencyError } from '@cinegraph/kit/errors'
import { Registry } from '@cinegraph/kit/metrics'
import { memoryLog } from '@cinegraph/testkit/log'
import { beforeEach, describe, expect, test } from 'vitest'
import { createOutboxWorker, type OutboxWorkerOptions } from '../src/outbox.worker.js'
import { expectedFirsts, firstsByFilm, openStage, type Stage, until } from './stage.js'

let stage: Stage
let film: string
beforeEach(async () => {
  stage = await openStage()
  film = await stage.addFilm()
})

const soon = () => AbortSignal.timeout(10_000)

const workerOf = (options: Partial<OutboxWorkerOptions> = {}) => {
  const { postgres, eventLog } = stage
  const { log } = memoryLog()
  const metrics = new Registry()
  const defaults = { postgres, eventLog, batch: 100, turnMs: 30_000, log, metrics }
  return createOutboxWorker({ ...defaults, ...options })
}

const changeTimes = async (times: number, filmId = film) => {
  for (let i = 0; i < times; i++) await stage.change(filmId)
}

const expectAllHeardInOrder = async () => {
  await stage.settled()
  expect(firstsByFilm(stage.heard)).toEqual(expectedFirsts(await stage.versions()))
}

test('what waits when a worker starts is relayed, and what comes later', async () => {
  await changeTimes(25)
  await stage.run(workerOf({ batch: 10 }))
  await expectAllHeardInOrder()
  await changeTimes(5)
  await expectAllHeardInOrder()
  expect(stage.heard).toHaveLength(30)
})

test('what no notification tells of is found', async () => {
  await stage.run(workerOf())
  await stage.postgres.pool.query('ALTER TABLE platform.outbox DISABLE TRIGGER outbox_news')
  await changeTimes(3)
  await expectAllHeardInOrder()
})

test('an event whose deletion failed is sent again, with its id', async () => {
  let failures = 0
  const { postgres } = stage
  const eventLog: Pick<EventLog, 'append'> = {
    async append(topic, records) {
      await stage.eventLog.append(topic, records)
      if (failures++ > 0) return
      // the connection of the turn, which waits for this append
      await postgres.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction'`,
      )
    },
  }
  await changeTimes(3)
  await stage.run(workerOf({ eventLog }))
  await expectAllHeardInOrder()
  expect(stage.heard).toHaveLength(6)
  expect(new Set(stage.heard.map(({ id }) => id)).size).toBe(3)
})

test('an outage of the event log is waited out, and told by readiness', async () => {
  let outage = true
  const eventLog: Pick<EventLog, 'append'> = {
    async append(topic, records) {
      if (outage) throw new DependencyError('event-log', 'does not answer')
      await stage.eventLog.append(topic, records)
    },
  }
  await changeTimes(3)
  const worker = await stage.run(workerOf({ eventLog }))
  await until(async () => !(await worker.ready()).ready)
  expect(await stage.postgres.prisma.outboxRow.count()).toBe(3)
  outage = false
  await expectAllHeardInOrder()
  expect(await worker.ready()).toEqual({ ready: true })
  expect(stage.heard).toHaveLength(3)
})

test('a worker whose turn lasts too long loses it, and another goes on', async () => {
  const gate = Promise.withResolvers<undefined>()
  let held = false
  const stuck: Pick<EventLog, 'append'> = {
    async append(topic, records) {
      held = true
      await gate.promise
      await stage.eventLog.append(topic, records)
    },
  }
  await changeTimes(3)
  const slow = await stage.run(workerOf({ eventLog: stuck, turnMs: 1_000 }))
  await until(() => held)
  await stage.run(workerOf())
  await changeTimes(3)
  await expectAllHeardInOrder()
  // what it sends now has been sent already
  gate.resolve(undefined)
  await slow.stop(soon())
  await expectAllHeardInOrder()
})

test('workers take turns, and none overtakes another', async () => {
  const films = [film, ...(await Promise.all([1, 2, 3].map(() => stage.addFilm())))]
  const senders = new Set<number>()
  const workers = [0, 1, 2].map((worker) =>
    workerOf({
      batch: 5,
      eventLog: {
        async append(topic, records) {
          senders.add(worker)
          await stage.eventLog.append(topic, records)
        },
      },
    }),
  )
  for (const worker of workers) await stage.run(worker)
  do await Promise.all(films.map((it) => changeTimes(10, it)))
  while (senders.size < 2)
  await expectAllHeardInOrder()
  const versions = [...(await stage.versions()).values()]
  expect(stage.heard).toHaveLength(versions.reduce((a, b) => a + b))
})

test('a stop finishes the batch in hand', async () => {
  const gate = Promise.withResolvers<undefined>()
  let held = false
  const eventLog: Pick<EventLog, 'append'> = {
    async append(topic, records) {
      held = true
      await gate.promise
      await stage.eventLog.append(topic, records)
    },
  }
  await changeTimes(3)
  const worker = await stage.run(workerOf({ eventLog, batch: 2 }))
  await until(() => held)
  const stopped = worker.stop(soon())
  gate.resolve(undefined)
  await stopped
  expect(await stage.postgres.prisma.outboxRow.count()).toBe(1)
})

describe('an event that the log refuses', () => {
  const odd = (key: string, value = '{}') => ({
    ...{ topic: 'topic-of-a-later-release', id: crypto.randomUUID(), key, value },
    headers: { event: 'film.dreamt.v1' },
  })
  const aside = () => stage.postgres.prisma.outboxAside.findMany({ orderBy: { id: 'asc' } })
  const announceOdd = (...keys: string[]) =>
    announce(
      stage.postgres.prisma,
      keys.map((key, i) => odd(key, `${i}`)),
    )

  test('goes aside with the reason, and holds up its own key alone', async () => {
    const metrics = new Registry()
    await changeTimes(2)
    await announceOdd('a', 'a', 'b')
    await changeTimes(2)
    await stage.run(workerOf({ metrics }))
    await until(() => stage.heard.length === 4)
    await until(async () => (await aside()).length === 2)
    expect(await aside()).toMatchObject([
      {
        key: 'a',
        value: '0',
        problem: expect.stringContaining('topic-of-a-later-release') as string,
      },
      { key: 'b', value: '2' },
    ])
    // the second of its key waits behind the first
    expect(await stage.postgres.prisma.outboxRow.findMany()).toMatchObject([
      { key: 'a', value: '1' },
    ])
    const text = await metrics.metrics()
    expect(text).toMatch(/^cinegraph_outbox_aside_rows 2$/m)
    expect(text).toMatch(/^cinegraph_outbox_rows 1$/m)
    expect(text).toMatch(/^cinegraph_outbox_oldest_seconds \d/m)
    expect(text).toMatch(/^cinegraph_outbox_relayed_total\{topic="domain-events"\} 4$/m)
  })

  test('has its place again when a worker starts that knows more', async () => {
    await announceOdd('a', 'b', 'a')
    const worker = await stage.run(workerOf())
    await until(async () => (await aside()).length === 2)
    await worker.stop(soon())

    const sent: string[] = []
    const eventLog: Pick<EventLog, 'append'> = {
      append: async (_, records) => void sent.push(...records.map(({ value }) => value)),
    }
    await stage.run(workerOf({ eventLog }))
    await until(async () => (await stage.postgres.prisma.outboxRow.count()) === 0)
    await until(async () => (await aside()).length === 0)
    expect(sent).toEqual(['0', '1', '2'])
  })
})
