import { DependencyError } from '@cinegraph/kit/errors'
import { describe, expect, it } from 'vitest'
import { DEAD_LETTER } from '../dead-letter.js'
import type { Batch, EventLog, LogRecord, Topic } from '../event-log.js'
import type { EventLogAdapter } from './adapter.contract.js'
import {
  createLedger,
  createStage,
  keysOf,
  lagOf,
  newGroup,
  newTopic,
  numbered,
  recordOf,
  until,
} from './log-under-test.contract.js'

export function describeDeadLetters(adapter: EventLogAdapter): void {
  describe('dead letters', () => {
    const stage = createStage(adapter)

    async function deadLettersOf(log: EventLog, topic: Topic): Promise<readonly LogRecord[]> {
      const ledger = createLedger()
      await stage.consume(log, { topics: [topic.deadLetters!.name], handle: ledger.handle })
      return ledger.records
    }

    it('take a record that fails, and block nothing, not even its own key', async () => {
      const topic = newTopic(2)
      const log = await stage.open([topic])
      const group = newGroup()
      const records = [
        ...numbered(20, keysOf(4)),
        { ...recordOf('key 0', 'poison'), headers: { event: 'film.changed.v1' } },
        ...numbered(20, keysOf(4), 20),
      ]
      const ledger = createLedger()
      let attempts = 0
      await stage.consume(log, {
        ...{ group, topics: [topic.name], maxAttempts: 4 },
        async handle(batch) {
          if (batch.records.some(({ value }) => value === 'poison')) {
            attempts += batch.records.length === 1 ? 1 : 0
            throw new TypeError('cannot read properties of undefined')
          }
          await ledger.handle(batch)
        },
      })
      await log.append(topic.name, records)
      const dead = await deadLettersOf(log, topic)
      await until(() => dead.length > 0)
      await until(async () => (await lagOf(log, group)) === 0)
      expect(new Set(ledger.values())).toEqual(new Set(numbered(40, ['']).map((it) => it.value)))
      expect(attempts).toBe(4)
      expect(dead).toHaveLength(1)
      const { id, key, value } = records[20]!
      expect(dead[0]).toMatchObject({ id, key, value })
      expect(dead[0]!.headers).toEqual({
        event: 'film.changed.v1',
        [DEAD_LETTER.topic]: topic.name,
        [DEAD_LETTER.partition]: expect.stringMatching(/^[01]$/) as string,
        [DEAD_LETTER.offset]: expect.stringMatching(/^\d+$/) as string,
        [DEAD_LETTER.appendedAt]: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        [DEAD_LETTER.group]: group,
        [DEAD_LETTER.attempts]: '4',
        [DEAD_LETTER.reason]: 'TypeError: cannot read properties of undefined',
      })
    })

    it('take what a handler puts there, without another attempt', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const group = newGroup()
      let attempts = 0
      const handle = async ({ records, deadLetter }: Batch) => {
        attempts++
        for (const record of records) {
          if (Number(record.value) % 3 === 0) await deadLetter(record, 'an odd \0 reason')
        }
      }
      await log.append(topic.name, numbered(9, ['a']))
      await stage.consume(log, { group, topics: [topic.name], handle })
      const dead = await deadLettersOf(log, topic)
      await until(() => dead.length >= 3)
      await until(async () => (await lagOf(log, group)) === 0)
      expect(dead.map(({ value }) => value)).toEqual(['0', '3', '6'])
      expect(dead[0]!.headers).toMatchObject({
        [DEAD_LETTER.attempts]: '1',
        [DEAD_LETTER.reason]: 'an odd  reason',
      })
      expect(attempts).toBe(1)
    })

    it('take nothing that succeeds in the end', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const failed = new Set<string>()
      const ledger = createLedger()
      await log.append(topic.name, [...numbered(10, ['a']), recordOf('b', 'poison')])
      await stage.consume(log, {
        topics: [topic.name],
        async handle(batch) {
          const value = batch.records.map((it) => it.value).join()
          if (value === 'poison') throw new Error('always')
          if (!failed.has(value)) {
            failed.add(value)
            throw new Error('the first time')
          }
          await ledger.handle(batch)
        },
      })
      const dead = await deadLettersOf(log, topic)
      await until(() => dead.length > 0)
      expect(dead.map(({ value }) => value)).toEqual(['poison'])
      expect(ledger.values()).toEqual(numbered(10, ['a']).map(({ value }) => value))
    })

    it('are no end for a topic that has none: it waits', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      const letters = topic.deadLetters!.name
      await log.append(letters, numbered(3, ['a']))
      let attempts = 0
      const ledger = createLedger()
      await stage.consume(log, {
        topics: [letters],
        maxAttempts: 1,
        async handle(batch) {
          if (batch.records.some(({ value }) => value === '1') && ++attempts < 20) {
            throw new Error('not yet')
          }
          await ledger.handle(batch)
        },
      })
      await until(() => ledger.records.length >= 3)
      expect(ledger.values()).toEqual(['0', '1', '2'])
    })

    it('wait for an engine too', async () => {
      const topic = newTopic()
      const log = await stage.open([topic])
      let outages = 5
      await log.append(topic.name, [recordOf('a', 'poison')])
      await stage.consume(log, {
        topics: [topic.name],
        maxAttempts: 2,
        async handle() {
          if (outages-- > 0) throw new DependencyError('search', 'does not answer')
          throw new Error('poison')
        },
      })
      const dead = await deadLettersOf(log, topic)
      await until(() => dead.length > 0)
      expect(dead[0]!.headers[DEAD_LETTER.attempts]).toBe('2')
      expect(outages).toBeLessThan(0)
    })
  })
}
