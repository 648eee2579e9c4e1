import { ConfigError } from '@cinegraph/kit/config'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type { Postgres } from '../postgres/open.js'
import { requireOwnDatabase } from '../postgres/own-database.js'
import { EVENT_LOG_URLS, isEventLogUrl } from './env.js'
import type { EventLog, Topic } from './event-log.js'
import { createKafkaEventLog } from './kafka/event-log.js'
import { isKafkaUrl } from './kafka/kafka-url.js'
import { createPostgresEventLog } from './postgres/event-log.js'

export interface EventLogOptions {
  /**
   * `postgresql://user:password@host:port/database`: the database of `postgres`, whose connections it uses. Or
   * `kafka://user:password@host:9092,host2:9092`, by TLS `kafkas:`.
   */
  url: string
  postgres: Pick<Postgres, 'pool'>
  /** Made on start where they are missing, each with its dead letters. */
  topics: readonly Topic[]
  log: Logger
  /** Where records, failures, dead letters and lag are counted. */
  metrics?: Registry
  /** Milliseconds after which partitions of a consumer that died or stalled go to others. */
  leaseMs?: number
}

/**
 * Throws a ConfigError that names EVENT_LOG_URL when no log stands behind `url`; `start()` does for topics that are there with
 * other partitions, and when Kafka cannot be reached or refuses us.
 */
export function openEventLog(options: EventLogOptions): EventLog {
  const { url, postgres, topics, log, metrics, leaseMs = 10_000 } = options
  if (!isEventLogUrl(url)) throw new ConfigError([`EVENT_LOG_URL: ${EVENT_LOG_URLS}`])
  if (isKafkaUrl(url)) return createKafkaEventLog({ url, topics, log, metrics, leaseMs })
  requireOwnDatabase({ url, setting: 'EVENT_LOG_URL', what: 'event log', postgres })
  return createPostgresEventLog({ postgres, topics, log, metrics, leaseMs })
}
