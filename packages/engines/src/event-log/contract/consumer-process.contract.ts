// A consumer as a process of its own, which a test can kill or stop. It prints a line for each record that it has processed.
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@cinegraph/kit/logger'
import { openPostgres } from '../../postgres/open.js'
import type { Topic } from '../event-log.js'
import { openEventLog } from '../open.js'

export interface ConsumerProcess {
  readonly url: string
  readonly topic: Topic
  readonly group: string
  readonly leaseMs: number
}

/** What it prints. */
export interface Processed {
  readonly partition: number
  readonly offset: number
  readonly key: string
  readonly value: string
}

const { url, topic, group, leaseMs } = JSON.parse(process.argv[2]!) as ConsumerProcess
const log = createLogger({ name: 'consumer', level: 'silent' })
const postgres = openPostgres({ url, log, poolSize: 4 })
const eventLog = openEventLog({ url, postgres, topics: [topic], leaseMs, log })
const consumer = eventLog.consume({
  group,
  topics: [topic.name],
  maxRecords: 10,
  async handle({ records }) {
    // work that takes its time, so that a kill finds some of it unfinished
    await sleep(3)
    for (const { partition, offset, key, value } of records) {
      // synchronous: what was processed is told, whatever happens to us next
      writeSync(1, `${JSON.stringify({ partition, offset, key, value } satisfies Processed)}\n`)
    }
    await sleep(3)
  },
})
for (const service of [postgres, eventLog, consumer]) await service.start()
