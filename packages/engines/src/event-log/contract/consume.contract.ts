import { setImmediate } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
import { describe, expect, it } from 'vitest'
import { type Batch, MAX_VALUE_BYTES } from '../event-log.js'
import type { EventLogAdapter } from './adapter.contract.js'
import {
  createLedger,
  createStage,
  expectInOrder,
  keysOf,
  lagOf,
  newGroup,
  newTopic,
  numbered,
  recordOf,
  soon,
  until,
} from './log-under-test.contract.js'

const HOUR_MS = 3_600_000

/** Holds up every batch until it is opened. */
function createGate() {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const waiting: Batch[] = []
  return {
    waiting,
    open: () => resolve(undefined),
    pass: async (batch: Batch) => {
      waiting.push(batch)
      await promise
    },
  }
}

export function describeConsume(adapter: EventLogAdapter): void {
  describe('consume', () => {
    const stage = createStage(adapter)

    it('gives each group everything', async () => {
      const topic = newTopic(3)
      const log = await stage.open([topic])
      const records = numbered(60, keysOf(6))
      const ledgers = [createLedger(), createLedger()]
      for (const { handle } of ledgers) await stage.consume(log, { topics: [topic.name], handle })
      await log.append(topic.name, records)
      for (const ledger of ledgers) {
        await until(() => ledger.records.length >= 60)
        expectInOrder(ledger.records, records)
      }
    })

    it('reads several topics', async () => {
      const topics = [newTopic(), newTopic(2)]
      const log = await stage.open(topics)
      const ledger = createLedger()
      const { handle } = ledger
      await stage.consume(log, { topics: topics.map(({ name }) => name), handle })
      for (const { name } of topics) await log.append(name, numbered(5, keysOf(3)))
      await until(() => ledger.records.length >= 10)
      expect(new Set(ledger.records.map(({ topic }) => topic))).toEqual(
        new Set(topics.map(({ name }) => name)),
      )
    })

    it('begins where it is told, and then goes on from what was committed', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      await log.append(topic.name, [recordOf('a', 'early')])
      const group = newGroup()
      const options = { group, topics: [topic.name], from: 'newest' } as const
      const first = createLedger()
      const consumer = await stage.consume(log, { ...options, handle: first.handle })
      await log.append(topic.name, [recordOf('a', 'late')])
      await until(() => first.records.length > 0)
      await consumer.stop(soon())
      expect(first.values()).toEqual(['late'])

      await log.append(topic.name, [recordOf('a', 'meanwhile')])
      const second = createLedger()
      await stage.consume(log, { ...options, handle: second.handle })
      await until(() => second.records.length > 0)
      expect(second.values()).toEqual(['meanwhile'])
    })

    it('gives batches within their limits', async () => {
      const topic = newTopic(2)
      const log = await stage.open([topic])
      const batches: Batch[] = []
      await log.append(topic.name, numbered(200, keysOf(10)))
      const handle = async (batch: Batch) => void batches.push(batch)
      await stage.consume(log, { topics: [topic.name], maxRecords: 7, handle })
      const count = () => batches.reduce((sum, { records }) => sum + records.length, 0)
      await until(() => count() === 200)
      expect(Math.max(...batches.map(({ records }) => records.length))).toBe(7)
      for (const { records, partition } of batches) {
        expect(new Set(records.map((it) => it.partition))).toEqual(new Set([partition]))
      }
    })

    it('gives no more bytes at once than asked for, but for a record that is larger', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const sizes = [400, 400, 400, MAX_VALUE_BYTES, 100, 900, 1]
      await log.append(
        topic.name,
        sizes.map((size) => recordOf('a', 'x'.repeat(size))),
      )
      const batches: number[][] = []
      await stage.consume(log, {
        topics: [topic.name],
        maxBytes: 1_000,
        handle: async ({ records }) => void batches.push(records.map(({ value }) => value.length)),
      })
      await until(() => batches.flat().length === sizes.length)
      expect(batches).toEqual([[400, 400], [400], [MAX_VALUE_BYTES], [100, 900], [1]])
    })

    it('lets a batch wait until it is full', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const sizes: number[] = []
      await log.append(topic.name, numbered(3, ['a']))
      await stage.consume(log, {
        topics: [topic.name],
        maxRecords: 5,
        maxWaitMs: HOUR_MS,
        handle: async ({ records }) => void sizes.push(records.length),
      })
      await log.append(topic.name, numbered(9, ['a'], 3))
      await until(() => sizes.length === 2)
      expect(sizes).toEqual([5, 5])
    })

    it('lets a batch wait no longer than it is told', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      await log.append(topic.name, numbered(3, ['a']))
      const { handle, records } = createLedger()
      await stage.consume(log, { topics: [topic.name], maxWaitMs: 20, handle })
      await until(() => records.length === 3)
    })

    it('commits a batch when it is processed, and reads no further before', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const group = newGroup()
      const gate = createGate()
      await log.append(topic.name, numbered(4, ['a']))
      const options = { group, topics: [topic.name], maxRecords: 2, handle: gate.pass }
      await stage.consume(log, options)
      await until(() => gate.waiting.length > 0)
      await log.append(topic.name, numbered(4, ['a'], 4))
      expect(await log.progress(group)).toEqual([
        { topic: topic.name, partition: 0, committed: 0, end: 8, lag: 8 },
      ])
      expect(gate.waiting).toHaveLength(1)
      gate.open()
      await until(async () => (await lagOf(log, group)) === 0)
      expect(gate.waiting.map(({ records }) => records.length)).toEqual([2, 2, 2, 2])
    })

    it('processes as many partitions at once as it may, and never two batches of one', async () => {
      const topic = newTopic(4)
      const log = await stage.open([topic])
      await log.append(topic.name, numbered(400, keysOf(40)))
      const gate = createGate()
      const inHand: number[] = []
      let most = 0
      let count = 0
      await stage.consume(log, {
        topics: [topic.name],
        concurrency: 3,
        maxRecords: 10,
        async handle(batch) {
          expect(inHand).not.toContain(batch.partition)
          most = Math.max(most, inHand.push(batch.partition))
          await gate.pass(batch)
          await setImmediate()
          inHand.splice(inHand.indexOf(batch.partition), 1)
          count += batch.records.length
        },
      })
      await until(() => inHand.length === 3)
      gate.open()
      await until(() => count === 400)
      expect(most).toBe(3)
    })

    it('waits an outage out, in order, and buries nothing', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const records = numbered(30, keysOf(3))
      const ledger = createLedger()
      let outages = 12
      await stage.consume(log, {
        topics: [topic.name],
        maxRecords: 10,
        async handle(batch) {
          if (ledger.records.length >= 10 && outages-- > 0) {
            throw new DependencyError('clickhouse', 'does not answer')
          }
          await ledger.handle(batch)
        },
      })
      await log.append(topic.name, records)
      await until(() => ledger.records.length >= 30)
      expect(ledger.records.map(({ offset }) => offset)).toEqual(
        Array.from({ length: 30 }, (_, offset) => offset),
      )
    })

    it('stops under load after the batches in hand, and the next one goes on from there', async () => {
      const topic = newTopic(3)
      const log = await stage.open([topic])
      const group = newGroup()
      const records = numbered(1_500, keysOf(12))
      const ledger = createLedger()
      const options = { group, topics: [topic.name], maxRecords: 20, handle: ledger.handle }
      const first = await stage.consume(log, options)
      const appended = (async () => {
        for (let i = 0; i < records.length; i += 50) {
          await log.append(topic.name, records.slice(i, i + 50))
        }
      })()
      await until(() => ledger.records.length > 100)
      await first.stop(soon())
      const processed = ledger.records.length
      const committed = (await log.progress(group)).map((it) => it.committed)
      expect(committed.reduce((a, b) => a + b)).toBe(processed)

      await appended
      await stage.consume(log, options)
      await until(() => ledger.records.length >= records.length)
      expect(ledger.records).toHaveLength(records.length)
      expectInOrder(ledger.records, records)
    })

    it('gives up at the deadline what does not end, and another consumer gets it', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const group = newGroup()
      await log.append(topic.name, numbered(3, ['a']))
      const gate = createGate()
      const stuck = await stage.consume(log, { group, topics: [topic.name], handle: gate.pass })
      await until(() => gate.waiting.length > 0)
      const { signal } = gate.waiting[0]!
      expect(signal.aborted).toBe(false)
      await stuck.stop(AbortSignal.abort())
      expect(signal.aborted).toBe(true)

      const ledger = createLedger()
      await stage.consume(log, { group, topics: [topic.name], handle: ledger.handle })
      await until(() => ledger.records.length >= 3)
      gate.open()
      await until(async () => (await lagOf(log, group)) === 0)
      expect(ledger.values()).toEqual(['0', '1', '2'])
    })

    it('stops in the middle of an outage', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const group = newGroup()
      await log.append(topic.name, numbered(3, ['a']))
      let attempts = 0
      const consumer = await stage.consume(log, {
        group,
        topics: [topic.name],
        pauseMs: { first: HOUR_MS, longest: HOUR_MS },
        async handle() {
          attempts++
          throw new DependencyError('search', 'does not answer')
        },
      })
      await until(() => attempts > 0)
      await consumer.stop(soon())
      expect(await lagOf(log, group)).toBe(3)
    })

    it('knows nothing of a group that nobody knows', async () => {
      const log = await stage.open([newTopic()])
      expect(await log.progress(newGroup())).toEqual([])
    })

    it.each([
      { group: 'Кто?' },
      { topics: [] },
      { maxRecords: 0 },
      { maxBytes: 0.5 },
      { concurrency: 0 },
      { maxAttempts: -1 },
    ])('refuses %o', async (wrong) => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const right = { group: newGroup(), topics: [topic.name], handle: async () => {} }
      expect(() => log.consume({ ...right, ...wrong })).toThrow(RangeError)
    })
  })
}
