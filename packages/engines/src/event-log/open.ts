import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type { Postgres } from '../postgres/open.js'
import { requireOwnDatabase } from '../postgres/own-database.js'
import type { EventLog, Topic } from './event-log.js'
import { createPostgresEventLog } from './postgres/event-log.js'

export interface EventLogOptions {
  /** `postgresql://user:password@host:port/database`: the database of `postgres`, whose connections it uses. */
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

/** Throws a ConfigError that names EVENT_LOG_URL when no log stands behind `url`; `start()` does for topics that are there with other partitions. */
export function openEventLog({ leaseMs = 10_000, ...options }: EventLogOptions): EventLog {
  const { url, postgres } = options
  requireOwnDatabase({ url, setting: 'EVENT_LOG_URL', what: 'event log', postgres })
  return createPostgresEventLog({ ...options, metrics: options.metrics, leaseMs })
}
