import { DependencyError } from '@cinegraph/kit/errors'
import { aborted, createService, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { createPeriodic } from '@cinegraph/kit/periodic'
import { type Postgres, requireSchema } from '../../postgres/open.js'
import { checkRecord, checkRewind, topicOf, topicsByName } from '../checks.js'
import { completeOptions } from '../consumer-options.js'
import { deadLetterOf } from '../dead-letter.js'
import type { Bury } from '../deliver.js'
import type { ConsumerOptions, EventLog, Topic } from '../event-log.js'
import { createEventLogMetrics, groupMetrics } from '../metrics.js'
import { Appender } from './append.js'
import { createConsumer } from './consumer.js'
import { readProgress } from './progress.js'
import { sweep } from './retention.js'
import { rewind } from './rewind.js'
import { openTopics } from './topics.js'

const SWEEP_MS = 600_000

export interface PostgresEventLogOptions {
  postgres: Pick<Postgres, 'pool'>
  topics: readonly Topic[]
  log: Logger
  metrics?: Registry
  leaseMs: number
}

/**
 * A log in the schema `platform`. Appends to a partition take turns until they commit, because rows of concurrent transactions
 * become visible in any order; a lease is a row with a number that rises, and commits say which one they stand on.
 */
export function createPostgresEventLog(options: PostgresEventLogOptions): EventLog {
  const { postgres, log, leaseMs } = options
  const { pool } = postgres
  const topics = topicsByName(options.topics)
  let appenders: ReadonlyMap<string, Appender> | undefined
  const consuming = new Set<ConsumerOptions>()
  const metrics = createEventLogMetrics({
    registry: options.metrics,
    groups: () => new Set([...consuming].map(({ group }) => group)),
    progress: (group) => readProgress(pool, group),
  })
  const sweeper = createPeriodic({
    name: 'retention of the event log',
    everyMs: SWEEP_MS,
    work: (stopping) => sweep({ pool, topics: topics.values(), log }, stopping),
    log,
  })
  const service = createService({
    name: 'event-log',
    async start() {
      await requireSchema(pool, 'platform')
      const partitions = await openTopics(pool, [...topics.values()])
      appenders = new Map([...partitions].map(([name, ids]) => [name, new Appender(pool, ids)]))
      await sweeper.start()
    },
    async stop(deadline) {
      const flights = [...(appenders?.values() ?? [])].map((appender) => appender.drained())
      appenders = undefined
      await Promise.race([Promise.all(flights), aborted(deadline)])
      await sweeper.stop(deadline)
    },
  })
  const write: EventLog['append'] = async (topic, records) => {
    if (!appenders) throw new DependencyError('event-log', 'is not running')
    if (records.length === 0) return
    await appenders.get(topic)!.append(records)
    metrics.appended.inc({ topic }, records.length)
  }
  const buryFor =
    (group: string) =>
    (topic: string): Bury | undefined => {
      const { deadLetters } = topicOf(topics, topic)
      if (!deadLetters) return undefined
      return async (record, reason, attempts) => {
        await write(deadLetters.name, [deadLetterOf(record, { group, reason, attempts })])
        groupMetrics(metrics, group).buried(topic)
        const { partition, offset } = record
        log.error({ err: reason, group, topic, partition, offset }, 'record is a dead letter')
      }
    }
  return {
    ...service,
    async append(topic, records) {
      topicOf(topics, topic)
      for (const record of records) checkRecord(record)
      await write(topic, records)
    },
    consume(given) {
      for (const topic of given.topics) topicOf(topics, topic)
      const consumer = completeOptions(given)
      const { group } = consumer
      const consumption = createConsumer({
        ...{ postgres, consumer, leaseMs, log },
        buryIn: buryFor(group),
        metrics: groupMetrics(metrics, group),
      })
      return {
        ...consumption,
        async start() {
          await consumption.start()
          consuming.add(consumer)
        },
        async stop(deadline) {
          consuming.delete(consumer)
          await consumption.stop(deadline)
        },
      } satisfies Service
    },
    progress: (group) => readProgress(pool, group),
    async rewind(to) {
      checkRewind(topicOf(topics, to.topic), to)
      return rewind(pool, to)
    },
  }
}
