import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Rewind } from '../event-log.js'
import type { EventLogAdapter } from './adapter.contract.js'
import {
  createLedger,
  createStage,
  keysOf,
  lagOf,
  type Ledger,
  newGroup,
  newTopic,
  numbered,
  recordOf,
  soon,
  until,
} from './log-under-test.contract.js'

export function describeRewind(adapter: EventLogAdapter): void {
  describe('rewind', () => {
    const stage = createStage(adapter)

    /** A topic of which a group has read everything and is gone. */
    async function readTopic(partitions: number) {
      const topic = newTopic(partitions)
      const log = await stage.open([topic])
      const group = newGroup()
      const ledger = createLedger()
      const options = { group, topics: [topic.name] }
      const consumer = await stage.consume(log, { ...options, handle: ledger.handle })
      // one after the other: they have times of their own
      for (const record of numbered(30, keysOf(6))) await log.append(topic.name, [record])
      await until(() => ledger.records.length >= 30)
      await consumer.stop(soon())
      const rewind = (to: Rewind['to'], force = false) =>
        log.rewind({ group, topic: topic.name, to, force })
      const readAgain = async (): Promise<Ledger> => {
        const again = createLedger()
        const last = recordOf('key 0', 'last')
        await log.append(topic.name, [last])
        await stage.consume(log, { ...options, handle: again.handle })
        await until(async () => (await lagOf(log, group)) === 0)
        await until(() => again.values().includes('last'))
        return again
      }
      return { log, topic, group, records: ledger.records, rewind, readAgain }
    }

    it('to the oldest record reads everything again', async () => {
      const { rewind, readAgain } = await readTopic(3)
      expect(await rewind('oldest')).toBe('done')
      expect((await readAgain()).records).toHaveLength(31)
    })

    it('to a time reads what came then and later', async () => {
      const { rewind, readAgain, records } = await readTopic(3)
      const times = records.map(({ appendedAt }) => appendedAt.getTime()).sort((a, b) => a - b)
      const time = times[12]!
      expect(await rewind(new Date(time))).toBe('done')
      const expected = records.filter(({ appendedAt }) => appendedAt.getTime() >= time)
      expect(new Set((await readAgain()).values())).toEqual(
        new Set([...expected.map(({ value }) => value), 'last']),
      )
    })

    it('to a time that is to come, or to the newest record, skips everything', async () => {
      for (const to of [new Date(Date.now() + 86_400_000), 'newest'] as const) {
        const { rewind, readAgain, log, group } = await readTopic(2)
        await rewind('oldest')
        expect(await lagOf(log, group)).toBe(30)
        expect(await rewind(to)).toBe('done')
        expect((await readAgain()).values()).toEqual(['last'])
      }
    })

    it('to an offset moves one partition alone, within what is kept', async () => {
      const { rewind, log, group, topic } = await readTopic(2)
      const before = await log.progress(group)
      expect(await rewind({ partition: 1, offset: 3 })).toBe('done')
      const moved = { ...before[1]!, committed: 3, lag: before[1]!.end - 3 }
      expect(await log.progress(group)).toEqual([before[0], moved])
      await rewind({ partition: 1, offset: 1_000_000 })
      expect(await log.progress(group)).toEqual(before)
      await rewind({ partition: 1, offset: -1 })
      expect(await lagOf(log, group)).toBe(before[1]!.end)
      expect(topic.partitions).toBe(2)
    })

    it('of a partition or topic that is not there is refused', async () => {
      const { rewind, log, group } = await readTopic(1)
      await expect(rewind({ partition: 1, offset: 0 })).rejects.toThrow(RangeError)
      await expect(log.rewind({ group, topic: 'another', to: 'oldest' })).rejects.toThrow(
        RangeError,
      )
    })

    it('is refused while the group is running, unless it is forced', async () => {
      const topic = newTopic(2)
      const log = await stage.open([topic])
      const group = newGroup()
      const ledger = createLedger()
      await stage.consume(log, { group, topics: [topic.name], handle: ledger.handle })
      await log.append(topic.name, numbered(20, keysOf(4)))
      await until(async () => ledger.records.length >= 20 && (await lagOf(log, group)) === 0)
      const rewind = { group, topic: topic.name, to: 'oldest' } as const
      expect(await log.rewind(rewind)).toBe('live')
      expect(await lagOf(log, group)).toBe(0)
      expect(await log.rewind({ ...rewind, force: true })).toBe('done')
      await until(() => ledger.records.length >= 40)
      await until(async () => (await lagOf(log, group)) === 0)
      expect(ledger.records).toHaveLength(40)
    })

    it('places a group that has never been there', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const group = newGroup()
      await log.append(topic.name, numbered(10, ['a']))
      await log.rewind({ group, topic: topic.name, to: { partition: 0, offset: 7 } })
      const ledger = createLedger()
      await stage.consume(log, { group, topics: [topic.name], handle: ledger.handle })
      await until(() => ledger.records.length >= 3)
      expect(ledger.values()).toEqual(['7', '8', '9'])
    })
  })

  describe('retention', () => {
    const stage = createStage(adapter)

    it('deletes what is old: groups go on with what is kept', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const group = newGroup()
      const behind = createLedger()
      const options = { group, topics: [topic.name], maxRecords: 4 }
      await log.append(topic.name, numbered(4, ['a']))
      const consumer = await stage.consume(log, { ...options, handle: behind.handle })
      await until(async () => (await lagOf(log, group)) === 0 && behind.records.length === 4)
      await consumer.stop(soon())
      await log.append(topic.name, numbered(10, ['a'], 4))
      await adapter.expire(topic)
      await log.append(topic.name, numbered(2, ['a'], 14))

      expect(await log.progress(group)).toMatchObject([{ committed: 4, end: 16, lag: 2 }])
      await stage.consume(log, { ...options, handle: behind.handle })
      await until(() => behind.records.length >= 6)
      expect(behind.values()).toEqual(['0', '1', '2', '3', '14', '15'])

      const fresh = createLedger()
      await stage.consume(log, { topics: [topic.name], handle: fresh.handle })
      await until(() => fresh.records.length >= 2)
      expect(fresh.records.map(({ offset }) => offset)).toEqual([14, 15])
      await log.append(topic.name, numbered(1, ['a'], 16))
      await until(() => fresh.records.length >= 3 && behind.records.length >= 7)
    })

    it('under a consumer that is slow skips what it has not read', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const ledger = createLedger()
      const { promise, resolve } = Promise.withResolvers<undefined>()
      let begun = false
      // together far more than is read ahead, and nothing that could be compressed
      const large = (count: number, from: number) =>
        numbered(count, ['a'], from).map((record) => ({
          ...record,
          value: `${record.value} ${randomBytes(250_000).toString('hex')}`,
        }))
      await log.append(topic.name, large(30, 0))
      await stage.consume(log, {
        topics: [topic.name],
        maxRecords: 2,
        async handle(batch) {
          begun = true
          await promise
          await ledger.handle(batch)
        },
      })
      await until(() => begun)
      await adapter.expire(topic)
      await log.append(topic.name, numbered(2, ['a'], 30))
      resolve(undefined)
      await until(() => ledger.values().includes('31'))
      const numbers = ledger.values().map((value) => Number.parseInt(value))
      expect(numbers.slice(0, 2)).toEqual([0, 1])
      expect(numbers.slice(-2)).toEqual([30, 31])
      // what was in memory already may be given; nothing is given twice or out of order
      expect(numbers.length).toBeLessThan(30)
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
    })
  })
}
