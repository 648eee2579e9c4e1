import { openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { describe } from 'vitest'
import type { Postgres } from '../postgres/open.js'
import type { EventLogAdapter } from './contract/adapter.contract.js'
import { describeEventLog } from './event-log.contract.js'
import { onKafka } from './kafka/kafka.contract.js'
import { openEventLog } from './open.js'
import { sweep } from './postgres/retention.js'

let opened: Promise<Postgres> | undefined
const connect = () => (opened ??= openTestPostgres())

const onPostgres: EventLogAdapter = {
  async url() {
    return (await connect()).pool.options.connectionString!
  },
  async open(settings) {
    const postgres = await connect()
    const url = await this.url()
    return openEventLog({ url, postgres, log: memoryLog().log, ...settings })
  },
  async expire(topic) {
    const { pool } = await connect()
    await pool.query(
      `UPDATE platform.log_record SET appended_at = appended_at - $2::bigint * interval '1 ms'
       WHERE partition_id IN (SELECT id FROM platform.log_partition WHERE topic = $1)`,
      [topic.name, topic.retentionMs],
    )
    await sweep({ pool, topics: [topic], log: memoryLog().log }, new AbortController().signal)
  },
}

describeEventLog('postgres:', onPostgres)

const url = realServer('kafka')
describe.skipIf(url === undefined)('a real server', () => {
  describeEventLog('kafka:', onKafka(url ?? '', memoryLog().log))
})
