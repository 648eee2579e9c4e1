import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LoginPartitionRepository } from '../src/login-history/login-partition.repository.js'

let postgres: Postgres
beforeEach(async () => {
  const { url } = await createTestDatabase()
  postgres = openPostgres({ url, log: memoryLog().log, statementTimeoutMs: 100 })
  await postgres.start()
})
afterEach(() => postgres.stop(AbortSignal.timeout(10_000)))

it('a partition may take longer to make than what a request asks for, where there is a lot to move', async () => {
  const holder = await postgres.pool.connect()
  await holder.query('BEGIN')
  await holder.query('SET LOCAL statement_timeout = 0')
  await holder.query('LOCK users.login_attempt IN ROW EXCLUSIVE MODE')
  const partitions = new LoginPartitionRepository(postgres.prisma)
  const added = partitions.add('2031-10-01')
  // what any other statement or transaction is ended after, some times over
  await holder.query('SELECT pg_sleep(3)')
  await holder.query('COMMIT')
  holder.release()
  expect(await added).toBe(true)
  expect(await partitions.count()).toBe(1)
})
