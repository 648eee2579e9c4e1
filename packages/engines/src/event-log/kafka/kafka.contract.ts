import { memoryLog } from '@cinegraph/testkit/log'
import { type Admin, Kafka, logLevel, type Message, Partitioners } from 'kafkajs'
import pg from 'pg'
import type { EventLogAdapter } from '../contract/adapter.contract.js'
import { openEventLog } from '../open.js'
import { parseKafkaUrl } from './kafka-url.js'

// no log in Kafka uses it
const postgres = { pool: new pg.Pool() }

/** What runs at `url`. */
export const onKafka = (url: string, log = memoryLog().log): EventLogAdapter => ({
  url: async () => url,
  open: async (settings) => openEventLog({ url, postgres, log, ...settings }),
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
