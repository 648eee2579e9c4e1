import type { Logger } from '@cinegraph/kit/logger'
import { type Admin, Kafka, logLevel, type Message, Partitioners } from 'kafkajs'
import type { EventLogAdapter } from '../contract/adapter.contract.js'
import { createKafkaEventLog } from './event-log.js'
import { parseKafkaUrl } from './kafka-url.js'

/** What runs at `url`. */
export const onKafka = (url: string, log: Logger): EventLogAdapter => ({
  url: async () => url,
  open: async ({ topics, leaseMs = 10_000, metrics }) =>
    createKafkaEventLog({ url, topics, leaseMs, metrics, log }),
  async expire({ name }) {
    await asAdmin(url, async (admin) => {
      const ends = await admin.fetchTopicOffsets(name)
      await admin.deleteTopicRecords({
        topic: name,
        partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
      })
    })
  },
})

const clientOf = (url: string) => {
  const { brokers, sasl } = parseKafkaUrl(url)
  return new Kafka({ brokers, sasl: sasl as never, logLevel: logLevel.NOTHING })
}

/** Does `work` as whoever runs the server would. */
export async function asAdmin<T>(url: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = clientOf(url).admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/** Writes as a program of somebody else would. */
export async function sendAsOther(url: string, topic: string, messages: Message[]): Promise<void> {
  const producer = clientOf(url).producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  await producer.send({ topic, messages })
  await producer.disconnect()
}
