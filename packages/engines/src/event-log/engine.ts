import { DependencyError } from '@cinegraph/kit/errors'
import { createService, type Readiness, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { checkRecord, checkRewind, topicOf } from './checks.js'
import { completeOptions } from './consumer-options.js'
import { deadLetterOf } from './dead-letter.js'
import type { Bury } from './deliver.js'
import type { ConsumerOptions, EventLog, NewRecord, Topic } from './event-log.js'
import { createEventLogMetrics, groupMetrics, type GroupMetrics } from './metrics.js'

export interface EngineConsumer {
  readonly consumer: Required<ConsumerOptions>
  /** To the dead letters of a topic; undefined for a topic without. */
  readonly buryIn: (topic: string) => Bury | undefined
  readonly metrics: GroupMetrics
  readonly log: Logger
}

/** What an engine does for an event log; what all logs do alike is not its business. */
export interface Engine extends Pick<EventLog, 'progress' | 'rewind'> {
  /** Of DependencyErrors, metrics and log lines. */
  readonly name: string
  start(): Promise<void>
  ready?(): Promise<Readiness>
  stop(deadline: AbortSignal): Promise<void>
  /** Makes records durable that were checked, one at least. Only between start and stop. */
  append(topic: string, records: readonly NewRecord[]): Promise<void>
  createConsumer(options: EngineConsumer): Service
}

export interface EngineOptions {
  /** With dead letters, by name. */
  topics: ReadonlyMap<string, Topic>
  log: Logger
  metrics: Registry | undefined
}

/** The log that stands on `engine`. */
export function createEventLog(engine: Engine, { topics, ...options }: EngineOptions): EventLog {
  const log = options.log.child({ engine: engine.name })
  let isRunning = false
  const consuming = new Set<ConsumerOptions>()
  const metrics = createEventLogMetrics({
    registry: options.metrics,
    engine: engine.name,
    groups: () => new Set([...consuming].map(({ group }) => group)),
    progress: (group) => engine.progress(group),
  })
  const service = createService({
    name: 'event-log',
    ...(engine.ready && { ready: () => engine.ready!() }),
    async start() {
      await engine.start()
      isRunning = true
    },
    async stop(deadline) {
      isRunning = false
      await engine.stop(deadline)
    },
  })
  const write: EventLog['append'] = async (topic, records) => {
    if (!isRunning) throw new DependencyError(engine.name, 'the event log is not running')
    if (records.length === 0) return
    await engine.append(topic, records)
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
      const consumption = engine.createConsumer({
        consumer,
        buryIn: buryFor(group),
        metrics: groupMetrics(metrics, group),
        log: log.child({ group }),
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
    progress: (group) => engine.progress(group),
    async rewind(to) {
      checkRewind(topicOf(topics, to.topic), to)
      return engine.rewind(to)
    },
  }
}
