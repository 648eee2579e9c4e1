import { ConfigError } from '@cinegraph/kit/config'
import { aborted } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { type Admin, CompressionTypes, Partitioners } from 'kafkajs'
import { Appender } from '../appender.js'
import { topicsByName } from '../checks.js'
import { createEventLog } from '../engine.js'
import type { EventLog, Topic } from '../event-log.js'
import { createClient, ENGINE, RETRY } from './client.js'
import { connectProblem } from './connect-problem.js'
import { createConsumer } from './consumer.js'
import { parseKafkaUrl } from './kafka-url.js'
import { committedBy, placesOf, readProgress } from './offsets.js'
import { messageOf } from './records.js'
import { Renewed } from './renewed.js'
import { rewindAsGuest } from './rewind.js'
import { openTopics } from './topics.js'

// of one request, which Kafka keeps in one piece for each partition
const MOST_RECORDS = 5_000
const MOST_BYTES = 1024 * 1024

const APPEND_MS = 15_000
const ASK_MS = 5_000
const START_MS = 30_000
const READY_MS = 2_000

export interface KafkaEventLogOptions {
  url: string
  topics: readonly Topic[]
  log: Logger
  metrics: Registry | undefined
  leaseMs: number
}

/**
 * A log in Kafka, by its own means: partitions by the hash that its clients have in common, offsets and leases by its groups, time
 * by its brokers. Throws a ConfigError for a URL that makes no sense.
 */
export function createKafkaEventLog(options: KafkaEventLogOptions): EventLog {
  const { metrics, leaseMs } = options
  const url = parseKafkaUrl(options.url)
  const topics = topicsByName(options.topics)
  const log = options.log.child({ engine: ENGINE })
  const connect = () => createClient(url, log)
  const kafka = connect()
  const admin = new Renewed(() => kafka.admin())
  const producer = new Renewed(() =>
    kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: RETRY,
    }),
  )
  const compression = CompressionTypes[url.compression === 'gzip' ? 'GZIP' : 'None']
  const createAppender = (topic: string) =>
    new Appender({
      mostRecords: MOST_RECORDS,
      mostBytes: MOST_BYTES,
      write: (records) =>
        producer.ask({
          what: `append to ${topic}`,
          work: async (client) => {
            await client.send({ topic, messages: records.map(messageOf), acks: -1, compression })
          },
          ms: APPEND_MS,
        }),
    })
  const appenders = new Map([...topics.keys()].map((name) => [name, createAppender(name)]))
  const ask = <T>(what: string, work: (client: Admin) => Promise<T>) =>
    admin.ask({ what, work, ms: ASK_MS, again: true })
  const names = new Set(topics.keys())

  return createEventLog(
    {
      name: ENGINE,
      async start() {
        await admin
          .use((client) => client.listTopics(), START_MS)
          .catch((error: unknown) => {
            throw connectProblem(error, url)
          })
        const { replicas } = url
        const problems = await admin.ask({
          what: 'open topics',
          work: (client) => openTopics(client, { topics: [...topics.values()], replicas, log }),
          ms: START_MS,
          again: true,
        })
        if (problems.length > 0) throw new ConfigError(problems)
      },
      async ready() {
        return admin
          .use((client) => client.describeCluster(), READY_MS)
          .then(
            () => ({ ready: true }) as const,
            () => ({ ready: false, reason: 'kafka does not answer' }) as const,
          )
      },
      async stop(deadline) {
        const flights = [...appenders.values()].map((appender) => appender.drained())
        await Promise.race([Promise.all(flights), aborted(deadline)])
        producer.close()
        admin.close()
      },
      append: (topic, records) => appenders.get(topic)!.append(records),
      createConsumer: (parts) => createConsumer({ ...parts, connect, admin, leaseMs }),
      progress: (group) =>
        ask(`read how far ${group} is`, (client) => readProgress(client, group, names)),
      async rewind({ group, topic, to, force = false }) {
        if (!force && (await ask(`look at ${group}`, (client) => isLive(client, group)))) {
          return 'live'
        }
        const places = await ask(`look into ${topic}`, (client) =>
          placesOf(client, topics.get(topic)!, to),
        )
        const isDone = async () => {
          const committed = await ask(`look at ${group}`, (client) => committedBy(client, group))
          const offsets = committed.get(topic)
          return places.every(({ partition, offset }) => offsets?.get(partition) === offset)
        }
        await rewindAsGuest({ kafka, group, topic, places, sessionMs: leaseMs, isDone })
        return 'done'
      },
    },
    { topics, log: options.log, metrics },
  )
}

async function isLive(admin: Admin, group: string): Promise<boolean> {
  const { groups } = await admin.describeGroups([group])
  return groups.some(({ members }) => members.length > 0)
}
