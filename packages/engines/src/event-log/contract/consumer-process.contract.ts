// A consumer as a process of its own, which a test can kill or stop. It prints a line for each batch when it begins to process it, and when it has.
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { openPostgres } from '../../postgres/open.js'
import type { Topic } from '../event-log.js'
import { isKafkaUrl } from '../kafka/kafka-url.js'
import { openEventLog } from '../open.js'

export interface ConsumerProcess {
  readonly url: string
  readonly topic: Topic
  readonly group: string
  readonly leaseMs: number
}

export interface Processed {
  readonly partition: number
  readonly offset: number
  readonly key: string
  readonly value: string
}

/** A line that it prints: synchronous, so that what was processed is told whatever happens to it next. */
export interface Line {
  readonly state: 'begun' | 'processed'
  readonly records: readonly Processed[]
}

const tell = (line: Line) => writeSync(1, `${JSON.stringify(line)}\n`)

const { url, topic, group, leaseMs } = JSON.parse(process.argv[2]!) as ConsumerProcess
const log = createLogger({ name: 'consumer', level: 'silent' })
const postgres = openPostgres({ url, log, poolSize: 4 })
const eventLog = openEventLog({ url, postgres, topics: [topic], leaseMs, log })
const consumer = eventLog.consume({
  group,
  topics: [topic.name],
  maxRecords: 10,
  async handle({ records }) {
    tell({ state: 'begun', records: [] })
    // work that takes its time, so that a kill finds some of it unfinished
    await sleep(5)
    tell({
      state: 'processed',
      records: records.map(({ partition, offset, key, value }) => ({
        ...{ partition, offset, key, value },
      })),
    })
    await sleep(1)
  },
})
const engines = isKafkaUrl(url) ? [eventLog] : [postgres, eventLog]
await runProcess([...engines, consumer], { log, shutdownMs: 10_000 })
