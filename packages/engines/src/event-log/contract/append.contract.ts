import { randomUUID } from 'node:crypto'
import { DependencyError } from '@cinegraph/kit/errors'
import { describe, expect, it } from 'vitest'
import {
  MAX_HEADER_BYTES,
  MAX_KEY_BYTES,
  MAX_VALUE_BYTES,
  type LogRecord,
  type NewRecord,
} from '../event-log.js'
import type { EventLogAdapter } from './adapter.contract.js'
import {
  createLedger,
  createStage,
  expectInOrder,
  keysOf,
  newTopic,
  numbered,
  recordOf,
  soon,
  until,
} from './log-under-test.contract.js'

export function describeAppend(adapter: EventLogAdapter): void {
  describe('append', () => {
    const stage = createStage(adapter)

    async function deliveriesOf(
      records: readonly NewRecord[],
      partitions = 1,
    ): Promise<readonly LogRecord[]> {
      const topic = newTopic(partitions)
      const log = await stage.open([topic])
      const ledger = createLedger()
      await stage.consume(log, { topics: [topic.name], handle: ledger.handle })
      await log.append(topic.name, records)
      await until(() => ledger.records.length >= records.length)
      return ledger.records
    }

    it('delivers a record as it was appended, and says where it is', async () => {
      const record: NewRecord = {
        id: randomUUID(),
        key: 'key',
        headers: { event: 'film.changed.v1', 'occurred-at': '2026-01-02T03:04:05Z' },
        value: '{"filmId":"a"}',
      }
      const [delivered] = await deliveriesOf([record])
      expect(delivered).toEqual({
        ...record,
        topic: expect.stringMatching(/^topic-/) as string,
        partition: 0,
        offset: 0,
        appendedAt: expect.any(Date) as Date,
      })
    })

    it('keeps keys, headers and values in any script', async () => {
      const texts = ['', 'Ёлка 🎬', '映画', 'a b\n"c"\\', '{a,b}', 'NULL', "it's", '\u{10FFFF}']
      texts.push('\u0001', 'e\u0301', '\u200b', '__proto__', '$1')
      const records = texts.map((text) => ({
        ...recordOf(text, text),
        headers: { [text]: text, plain: text },
      }))
      const delivered = await deliveriesOf(records)
      expect(delivered.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual(
        records.map(({ key, value, headers }) => ({ key, value, headers })),
      )
    })

    it('takes values of a megabyte, many at once', async () => {
      const values = Array.from({ length: 10 }, (_, i) =>
        `${i}${'ё'.repeat(MAX_VALUE_BYTES)}`.slice(0, MAX_VALUE_BYTES / 2),
      )
      const delivered = await deliveriesOf(values.map((value) => recordOf('large', value)))
      expect(delivered.map(({ value }) => value)).toEqual(values)
    })

    it('keeps the order of a batch of any size', async () => {
      const records = numbered(5_000, keysOf(20))
      const delivered = await deliveriesOf(records, 4)
      expect(delivered).toHaveLength(5_000)
      expectInOrder(delivered, records)
    })

    it('puts the records of a key into one partition, and keys into many', async () => {
      const keys = keysOf(60)
      const delivered = await deliveriesOf(numbered(180, keys), 4)
      const partitions = keys.map(
        (key) => new Set(delivered.filter((it) => it.key === key).map((it) => it.partition)),
      )
      expect(partitions.map(({ size }) => size)).toEqual(keys.map(() => 1))
      expect(new Set(partitions.flatMap((it) => [...it]))).toEqual(new Set([0, 1, 2, 3]))
    })

    it('keeps the order of calls that wait for each other, among many at once', async () => {
      const topic = newTopic(2)
      // each as a process of its own
      const logs = await Promise.all([1, 2, 3, 4].map(() => stage.open([topic])))
      const ledger = createLedger()
      await stage.consume(logs[0]!, { topics: [topic.name], handle: ledger.handle })
      const keys = keysOf(24)
      await Promise.all(
        keys.map(async (key, i) => {
          for (const record of numbered(15, [key])) {
            await logs[i % logs.length]!.append(topic.name, [record])
          }
        }),
      )
      await until(() => ledger.records.length >= 24 * 15)
      expect(ledger.records).toHaveLength(24 * 15)
      expectInOrder(
        ledger.records,
        keys.flatMap((key) => numbered(15, [key])),
      )
    })

    it('lets nothing be missed that is appended at the same time', async () => {
      const topic = newTopic()
      const logs = await Promise.all([1, 2, 3, 4, 5, 6].map(() => stage.open([topic])))
      const ledger = createLedger()
      // reads at the end of the log all the while
      await stage.consume(logs[0]!, { topics: [topic.name], handle: ledger.handle })
      await Promise.all(
        logs.map(async (log) => {
          for (let batch = 0; batch < 40; batch++) {
            await log.append(topic.name, numbered(1 + (batch % 5), keysOf(5)))
          }
        }),
      )
      const total = logs.length * 40 * 3
      await until(() => ledger.records.length >= total)
      expect(ledger.records.map(({ offset }) => offset)).toEqual(
        Array.from({ length: total }, (_, offset) => offset),
      )
    })

    const good = recordOf('key', 'good')
    it.each<[string, Partial<NewRecord>]>([
      ['an id that is no UUID', { id: 'one' }],
      ['an id in capitals', { id: randomUUID().toUpperCase() }],
      ['a key that is too long', { key: 'ё'.repeat(MAX_KEY_BYTES / 2 + 1) }],
      ['a value that is too large', { value: 'x'.repeat(MAX_VALUE_BYTES + 1) }],
      ['headers that are too large', { headers: { a: 'x'.repeat(MAX_HEADER_BYTES) } }],
      ['U+0000 in the key', { key: 'a\0b' }],
      ['U+0000 in the value', { value: '\0' }],
      ['U+0000 in a header', { headers: { 'a\0': 'b' } }],
      ['half of a surrogate pair', { value: '\ud83c' }],
    ])('refuses %s, and all that came with it', async (_, change) => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const ledger = createLedger()
      const refused = log.append(topic.name, [good, { ...good, ...change }, good])
      await expect(refused).rejects.toThrow(RangeError)
      await log.append(topic.name, [recordOf('key', 'the first')])
      await stage.consume(log, { topics: [topic.name], handle: ledger.handle })
      await until(() => ledger.records.length > 0)
      expect(ledger.values()).toEqual(['the first'])
    })

    it('refuses a topic that it was not opened with', async () => {
      const log = await stage.open([newTopic()])
      await expect(log.append('another', [good])).rejects.toThrow(RangeError)
      expect(() =>
        log.consume({ group: 'g', topics: ['another'], handle: async () => {} }),
      ).toThrow(RangeError)
    })

    it('takes nothing at all', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      await log.append(topic.name, [])
    })

    it('refuses before it has started and after it has stopped', async () => {
      const topic = newTopic()
      const log = await adapter.open({ topics: [topic] })
      await expect(log.append(topic.name, [good])).rejects.toThrow(DependencyError)
      await log.start()
      await log.append(topic.name, [good])
      await log.stop(soon())
      await expect(log.append(topic.name, [good])).rejects.toThrow(DependencyError)
    })

    it('has taken all that was asked for before a stop', async () => {
      const topic = newTopic()
      const log = await adapter.open({ topics: [topic] })
      await log.start()
      const appended = numbered(300, keysOf(3)).map((record) => log.append(topic.name, [record]))
      await log.stop(soon())
      const outcomes = await Promise.allSettled(appended)
      const taken = outcomes.filter(({ status }) => status === 'fulfilled').length

      const ledger = createLedger()
      const another = await stage.open([topic])
      await another.append(topic.name, [recordOf('last', 'last')])
      await stage.consume(another, { topics: [topic.name], handle: ledger.handle })
      await until(() => ledger.values().includes('last'))
      expect(ledger.records).toHaveLength(taken + 1)
    })
  })
}
