import { Registry } from '@cinegraph/kit/metrics'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { expect, test } from 'vitest'
import { openPostgres } from './open.js'

const { log } = memoryLog()
const soon = () => AbortSignal.timeout(5_000)

test('a migrated database is ready for its owners', async () => {
  const { url } = await createTestDatabase()
  const postgres = openPostgres({ url, owner: 'films', log })
  await postgres.start()
  expect(await postgres.ready()).toEqual({ ready: true })
  await postgres.stop(soon())
})

test('whether it answers is told', async () => {
  const { url } = await createTestDatabase()
  const metrics = new Registry()
  const postgres = openPostgres({ url, log, metrics })
  await postgres.start()
  expect(await metrics.metrics()).toContain('cinegraph_postgres_up 1')
  await postgres.stop(soon())
  expect(await metrics.metrics()).toContain('cinegraph_postgres_up 0')
})

test('a database that was not migrated is refused in words', async () => {
  const { url } = await createTestDatabase({ empty: true })
  const postgres = openPostgres({ url, owner: 'films', log })
  await expect(postgres.start()).rejects.toMatchObject({
    problems: ['DATABASE_URL: the database has no schema films: run `npm run migrate`'],
  })
  await postgres.stop(soon())
})
