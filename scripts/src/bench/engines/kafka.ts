import { randomUUID } from 'node:crypto'
import type { EventLog, NewRecord, Topic } from '@cinegraph/engines/event-log/event-log'
import { createClient } from '@cinegraph/engines/event-log/kafka/client'
import { createKafkaEventLog } from '@cinegraph/engines/event-log/kafka/event-log'
import { parseKafkaUrl } from '@cinegraph/engines/event-log/kafka/kafka-url'
import { messageOf } from '@cinegraph/engines/event-log/kafka/records'
import { createLogger } from '@cinegraph/kit/logger'
import { CompressionTypes, type EachBatchPayload, type Kafka, Partitioners } from 'kafkajs'
import { consumeAll, PAGE, recordsOf } from '../event-log.js'
import type { Measure } from './measure.js'

const log = createLogger({ name: 'bench', level: 'error' })
const STOP_MS = 10_000
const LEASE_MS = 10_000
const BATCH = 100
const APPENDED_AT_ONCE = 1_000

export interface KafkaMeasures {
  readonly append: Measure
  readonly consume: Measure
  /** Records that are consumed. */
  readonly records: number
}

export async function benchKafka(server: string, measures: KafkaMeasures): Promise<void> {
  const topic = { name: `bench-${randomUUID()}`, partitions: 12, retentionMs: 86_400_000 }
  const eventLog = createKafkaEventLog({
    ...{ url: server, topics: [topic], log, metrics: undefined, leaseMs: LEASE_MS },
  })
  const kafka = createClient(parseKafkaUrl(server), log)
  const sides: Sides = { eventLog, kafka, topic, groups: [] }
  await eventLog.start()
  try {
    await measureConsuming(sides, measures)
    await measureAppending(sides, measures.append)
  } finally {
    await eventLog.stop(AbortSignal.timeout(STOP_MS))
    await cleanUp(sides)
  }
}

interface Sides {
  eventLog: EventLog
  kafka: Kafka
  topic: Topic
  /** Those that were there. */
  groups: string[]
}

async function measureAppending({ eventLog, kafka, topic }: Sides, measure: Measure) {
  const producer = kafka.producer({
    ...{ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false },
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  const send = async (records: readonly NewRecord[]) => {
    const messages = records.map(messageOf)
    await producer.send({
      ...{ topic: topic.name, messages, acks: -1, compression: CompressionTypes.GZIP },
    })
  }
  for (const [title, count] of [
    ['one record', 1],
    [`${BATCH} records`, BATCH],
  ] as const) {
    await measure(`event log in Kafka: append ${title}`, {
      baseline: { name: 'send', run: () => send(recordsOf(count)) },
      candidate: { name: 'append', run: () => eventLog.append(topic.name, recordsOf(count)) },
    })
  }
  await producer.disconnect()
}

async function measureConsuming(sides: Sides, measures: KafkaMeasures) {
  const { eventLog, kafka, topic, groups } = sides
  const { records, consume } = measures
  for (let left = records; left > 0; left -= APPENDED_AT_ONCE) {
    await eventLog.append(topic.name, recordsOf(Math.min(left, APPENDED_AT_ONCE)))
  }
  const asked = () => {
    const group = `bench-${randomUUID()}`
    groups.push(group)
    return { group, topic: topic.name, count: records }
  }
  await consume(`event log in Kafka: join a group, consume ${records} records and leave`, {
    baseline: { name: 'eachBatch', run: () => consumePlainly(kafka, asked()) },
    candidate: { name: 'consume', run: () => consumeAll(eventLog, asked()) },
  })
}

/** As `consumeAll` does it: as many partitions at a time, as many records between two commits. */
async function consumePlainly(
  kafka: Kafka,
  { group, topic, count }: { group: string; topic: string; count: number },
): Promise<number> {
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 })
  const done = Promise.withResolvers<undefined>()
  let read = 0
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    ...{ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 4 },
    async eachBatch(payload) {
      await commitByPages(payload)
      read += payload.batch.messages.length
      if (read >= count) done.resolve(undefined)
    },
  })
  await done.promise
  await consumer.disconnect()
  return read
}

async function commitByPages(payload: EachBatchPayload): Promise<void> {
  const { topic, partition, messages } = payload.batch
  for (let from = 0; from < messages.length; from += PAGE) {
    const { offset } = messages[Math.min(from + PAGE, messages.length) - 1]!
    payload.resolveOffset(offset)
    const partitions = [{ partition, offset: String(BigInt(offset) + 1n) }]
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] })
  }
}

async function cleanUp({ kafka, topic, groups }: Sides): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  await admin.deleteGroups(groups)
  await admin.deleteTopics({ topics: [topic.name] })
  await admin.disconnect()
}
