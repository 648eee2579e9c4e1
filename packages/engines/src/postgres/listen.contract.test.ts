import { setImmediate } from 'node:timers/promises'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createListener } from './listen.js'
import { openPostgres, type Postgres } from './open.js'

const soon = () => AbortSignal.timeout(5_000)
const { log, lines } = memoryLog()
let postgres: Postgres
let news = 0
beforeAll(async () => {
  const { url } = await createTestDatabase({ empty: true })
  postgres = openPostgres({ url, log })
  await postgres.start()
})
afterAll(() => postgres.stop(soon()))

const listeners = async () => {
  const { rows } = await postgres.pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'cinegraph-listener'`,
  )
  return rows.map((row) => row.pid)
}

test('a listener hears what is notified, also after its connection broke, until it stops', async () => {
  const payloads: (string | undefined)[] = []
  const onNews = (payload?: string) => {
    payloads.push(payload)
    news += 1
  }
  const listener = createListener({ postgres, channel: 'Odd "channel"', log, onNews })
  await listener.start()
  await until(() => news === 1)

  await postgres.pool.query(`NOTIFY "another channel"`)
  await postgres.pool.query(`NOTIFY "Odd ""channel""", 'what it is'`)
  await until(() => news === 2)
  expect(payloads).toEqual([undefined, 'what it is'])

  const [pid] = await listeners()
  await postgres.pool.query('SELECT pg_terminate_backend($1)', [pid])
  // connected again, and perhaps something came in between
  await until(() => news === 3)
  expect(lines).toContainEqual(expect.objectContaining({ work: 'listener of Odd "channel"' }))
  await postgres.pool.query(`NOTIFY "Odd ""channel"""`)
  await until(() => news === 4)

  await listener.stop(soon())
  await until(async () => (await listeners()).length === 0)
  await postgres.pool.query(`NOTIFY "Odd ""channel"""`)
  await setImmediate()
  expect(news).toBe(4)
})
