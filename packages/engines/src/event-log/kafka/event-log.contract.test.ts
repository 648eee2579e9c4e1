import { ConfigError } from '@cinegraph/kit/config'
import { Registry } from '@cinegraph/kit/metrics'
import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import kafkajs from 'kafkajs'
import { describe, expect, it } from 'vitest'
import {
  createLedger,
  createStage,
  lagOf,
  newGroup,
  newTopic,
  numbered,
  recordOf,
  until,
} from '../contract/log-under-test.contract.js'
import type { Batch } from '../event-log.js'
import { asAdmin, onKafka, sendAsOther } from './kafka.contract.js'

const url = realServer('kafka')

describe.skipIf(url === undefined)('Kafka', () => {
  const { log, lines } = memoryLog()
  const adapter = onKafka(url ?? '', log)
  const stage = createStage(adapter)
  const password = () => new URL(url!).password

  const startAt = async (changed: string) => {
    const eventLog = await onKafka(changed, log).open({ topics: [] })
    return eventLog.start().catch((error: unknown) => error)
  }

  it.each<[string, (url: URL) => void, RegExp]>([
    ['a wrong password', (it) => (it.password = 'wr%40ng'), /refuses this user or password/],
    ['no user', (it) => ((it.username = ''), (it.password = '')), /hangs up/],
    ['another log-in', (it) => (it.search = '?sasl=scram-sha-256'), /takes no log-in by scram/],
    ['TLS', (it) => (it.search = '?ssl=true'), /no Kafka answers at .* by TLS/],
    ['a port on which nothing listens', (it) => (it.port = '1'), /no Kafka answers.*ECONNREFUSED/],
  ])('cannot be opened with %s, and says so without secrets', async (_name, change, told) => {
    const changed = new URL(url!)
    change(changed)
    const error = await startAt(changed.href)
    expect(error).toBeInstanceOf(ConfigError)
    const { message } = error as ConfigError
    expect(message).toMatch(/^EVENT_LOG_URL: /)
    expect(message).toMatch(told)
    for (const text of [message, JSON.stringify(lines)]) {
      expect(text).not.toContain(password())
      expect(text).not.toMatch(/wr(%40|@)ng/)
    }
  })

  it('has another broker when the first does not answer', async () => {
    const eventLog = await onKafka(url!.replace('@', '@127.0.0.1:1,'), log).open({ topics: [] })
    await stage.run(eventLog)
    expect(await eventLog.ready()).toEqual({ ready: true })
  })

  describe('topics', () => {
    it('are made with partitions, retention, room for large records and the time of the log', async () => {
      const topic = { ...newTopic(3), retentionMs: 7_200_000 }
      const replicated = onKafka(`${url}?replicas=1`, log)
      await stage.run(await replicated.open({ topics: [topic] }))
      const { metadata, settings } = await asAdmin(url!, async (admin) => ({
        metadata: await admin.fetchTopicMetadata({ topics: [topic.name, topic.deadLetters!.name] }),
        settings: await admin.describeConfigs({
          resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic.name }],
          includeSynonyms: false,
        }),
      }))
      expect(
        new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length])),
      ).toEqual(
        new Map([
          [topic.name, 3],
          [topic.deadLetters!.name, 1],
        ]),
      )
      const entries = settings.resources[0]!.configEntries
      expect(
        Object.fromEntries(entries.map((it) => [it.configName, it.configValue])),
      ).toMatchObject({
        'retention.ms': '7200000',
        'cleanup.policy': 'delete',
        'message.timestamp.type': 'LogAppendTime',
        'min.insync.replicas': '1',
      })
    })

    it('are made once, however many start at the same time', async () => {
      const topic = newTopic(12)
      await Promise.all(Array.from({ length: 6 }, () => stage.open([topic])))
    })

    it('that are there with other partitions are refused', async () => {
      const topic = newTopic(3)
      await stage.open([topic])
      const changed = await adapter.open({ topics: [{ ...topic, partitions: 4 }] })
      await expect(changed.start()).rejects.toThrow(/has 3 partitions there and 4 here/)
    })

    it('that somebody else made are taken, unless they have no room for large records', async () => {
      const [roomy, narrow] = [newTopic(), newTopic()]
      const make = (topic: string, bytes: number) => ({
        topic,
        numPartitions: 1,
        configEntries: [{ name: 'max.message.bytes', value: String(bytes) }],
      })
      await asAdmin(url!, (admin) =>
        admin.createTopics({ topics: [make(roomy.name, 3_000_000), make(narrow.name, 1_000_000)] }),
      )
      await stage.open([roomy])
      expect(lines).toContainEqual(
        expect.objectContaining({ msg: 'topic is set otherwise', setting: 'retention.ms' }),
      )
      const refused = await adapter.open({ topics: [narrow] })
      await expect(refused.start()).rejects.toThrow(/set its max.message.bytes to 2097152/)
    })
  })

  describe('records', () => {
    it('may have headers of any name', async () => {
      const topic = newTopic()
      const eventLog = await stage.open([topic])
      const headers = { constructor: 'a', toString: 'b', 'record-id': 'c', ['__proto__']: 'd' }
      const record = { ...recordOf('key', 'value'), headers }
      await eventLog.append(topic.name, [record])
      const ledger = createLedger()
      await stage.consume(eventLog, { topics: [topic.name], handle: ledger.handle })
      await until(() => ledger.records.length === 1)
      expect(ledger.records[0]).toMatchObject({ id: record.id, value: 'value' })
      expect(Object.entries(ledger.records[0]!.headers).toSorted()).toEqual(
        Object.entries(headers).toSorted(),
      )
    })

    it('that somebody else wrote have the same id each time they are read', async () => {
      const topic = newTopic()
      const eventLog = await stage.open([topic])
      await sendAsOther(url!, topic.name, [{ value: null }, { key: 'k', value: 'v' }])
      const ledgers = [createLedger(), createLedger()]
      for (const { handle } of ledgers) {
        await stage.consume(eventLog, { topics: [topic.name], handle })
      }
      await until(() => ledgers.every(({ records }) => records.length === 2))
      expect(ledgers[0]!.records).toMatchObject([
        { key: '', value: '', headers: {} },
        { key: 'k', value: 'v' },
      ])
      expect(ledgers[1]!.records).toEqual(ledgers[0]!.records)
      expect(new Set(ledgers[0]!.records.map(({ id }) => id)).size).toBe(2)
    })
  })

  /** A consumer that holds its first batch until it is told to finish. */
  async function holdBatch(leaseMs: number) {
    const topic = newTopic()
    const group = newGroup()
    const eventLog = await stage.open([topic], leaseMs)
    const batches: Batch[] = []
    const gate = Promise.withResolvers<undefined>()
    const options = { group, topics: [topic.name], maxRecords: 3 }
    await eventLog.append(topic.name, numbered(6, ['a']))
    await stage.consume(eventLog, {
      ...options,
      async handle(batch) {
        batches.push(batch)
        if (batches.length === 1) await gate.promise
      },
    })
    await until(() => batches.length === 1)
    return { topic, group, eventLog, options, batches, finish: () => gate.resolve(undefined) }
  }

  const sizesOf = (batches: readonly Batch[]) =>
    batches.map(({ records }) => records.map(({ value }) => value).join())

  it('keeps a lease for as long as a batch takes', async () => {
    const leaseMs = 4_000
    const { eventLog, group, options, batches, finish } = await holdBatch(leaseMs)
    const other = createLedger()
    // it would get the partition if the lease ran out, and its own would be in vain
    await stage.consume(eventLog, { ...options, handle: other.handle })
    const begun = Date.now()
    await until(() => Date.now() - begun > 1.5 * leaseMs)
    expect(batches[0]!.signal.aborted).toBe(false)
    finish()
    await until(async () => (await lagOf(eventLog, group)) === 0)
    expect(sizesOf(batches)).toEqual(['0,1,2', '3,4,5'])
    expect(other.records).toEqual([])
  })

  it('commits nothing of what was in hand over a rewind', async () => {
    const { eventLog, topic, group, batches, finish } = await holdBatch(10_000)
    const to = { partition: 0, offset: 5 }
    expect(await eventLog.rewind({ group, topic: topic.name, to, force: true })).toBe('done')
    expect(batches[0]!.signal.aborted).toBe(true)
    expect((await eventLog.progress(group))[0]).toMatchObject({ committed: 5, lag: 1 })
    finish()
    await until(async () => (await lagOf(eventLog, group)) === 0)
    expect(sizesOf(batches)).toEqual(['0,1,2', '5'])
  })

  it('counts what was appended, processed and buried, and tells lag and engine', async () => {
    const topic = newTopic(2)
    const metrics = new Registry()
    const eventLog = await adapter.open({ topics: [topic], metrics })
    await stage.run(eventLog)
    const group = newGroup()
    await eventLog.append(topic.name, numbered(8, ['a']))
    const gate = Promise.withResolvers<undefined>()
    await stage.consume(eventLog, {
      ...{ group, topics: [topic.name], maxRecords: 4 },
      async handle({ records, deadLetter }) {
        if (records[0]!.offset > 0) return gate.promise.then(() => {})
        await deadLetter(records[0]!, 'odd')
      },
    })
    const valueOf = async (name: string, labels = {}) => {
      const { values } = await metrics.getSingleMetric(`cinegraph_event_log_${name}`)!.get()
      return values
        .filter((it) => Object.entries(labels).every(([key, value]) => it.labels[key] === value))
        .reduce((sum, { value }) => sum + value, 0)
    }
    await until(async () => (await valueOf('lag', { group })) === 4)
    expect(await valueOf('engine', { engine: 'kafka' })).toBe(1)
    expect(await valueOf('appended_total', { topic: topic.name })).toBe(8)
    expect(await valueOf('processed_total', { group })).toBe(4)
    expect(await valueOf('dead_letters_total', { group })).toBe(1)
    expect(await valueOf('leases', { group })).toBe(2)
    gate.resolve(undefined)
    await until(async () => (await valueOf('lag', { group })) === 0)
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'record is a dead letter', group, engine: 'kafka' }),
    )
  })
})
