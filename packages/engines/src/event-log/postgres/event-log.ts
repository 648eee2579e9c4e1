import { aborted } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { createPeriodic } from '@cinegraph/kit/periodic'
import { type Postgres, requireSchema } from '../../postgres/open.js'
import type { Appender } from '../appender.js'
import { topicsByName } from '../checks.js'
import { createEventLog } from '../engine.js'
import type { EventLog, Topic } from '../event-log.js'
import { createAppender } from './append.js'
import { createConsumer } from './consumer.js'
import { readProgress } from './progress.js'
import { sweep } from './retention.js'
import { rewind } from './rewind.js'
import { ENGINE } from './statements.js'
import { openTopics } from './topics.js'

const SWEEP_MS = 600_000

export interface PostgresEventLogOptions {
  postgres: Pick<Postgres, 'pool'>
  topics: readonly Topic[]
  log: Logger
  metrics: Registry | undefined
  leaseMs: number
}

/**
 * A log in the schema `platform`. Appends to a partition take turns until they commit, because rows of concurrent transactions
 * become visible in any order; a lease is a row with a number that rises, and commits say which one they stand on.
 */
export function createPostgresEventLog(options: PostgresEventLogOptions): EventLog {
  const { postgres, metrics, leaseMs } = options
  const { pool } = postgres
  const log = options.log.child({ engine: ENGINE })
  const topics = topicsByName(options.topics)
  let appenders: ReadonlyMap<string, Appender> = new Map()
  const sweeper = createPeriodic({
    name: 'retention of the event log',
    everyMs: SWEEP_MS,
    work: (stopping) => sweep({ pool, topics: topics.values(), log }, stopping),
    log,
  })
  return createEventLog(
    {
      name: ENGINE,
      async start() {
        await requireSchema(pool, 'platform')
        const partitions = await openTopics(pool, [...topics.values()])
        appenders = new Map([...partitions].map(([name, ids]) => [name, createAppender(pool, ids)]))
        await sweeper.start()
      },
      async stop(deadline) {
        const flights = [...appenders.values()].map((appender) => appender.drained())
        await Promise.race([Promise.all(flights), aborted(deadline)])
        await sweeper.stop(deadline)
      },
      append: (topic, records) => appenders.get(topic)!.append(records),
      createConsumer: (parts) => createConsumer({ ...parts, postgres, leaseMs }),
      progress: (group) => readProgress(pool, group),
      rewind: (to) => rewind(pool, to),
    },
    { topics, log: options.log, metrics },
  )
}
