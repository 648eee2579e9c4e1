import type { Registry } from '@cinegraph/kit/metrics'
import type { EventLog, Topic } from '../event-log.js'

export interface LogSettings {
  readonly topics: readonly Topic[]
  readonly leaseMs?: number
  readonly metrics?: Registry
}

/** What the contract suite needs of an adapter. Its topics and groups have names that nothing else uses. */
export interface EventLogAdapter {
  /** The URL by which another process opens the same log. */
  url(): Promise<string>
  /** Another client of one log, as another process would have it; not started. */
  open(settings: LogSettings): Promise<EventLog>
  /** Deletes the records that are in a topic now, as if they were too old. */
  expire(topic: Topic): Promise<void>
}
