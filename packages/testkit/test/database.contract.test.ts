import { createTestDatabase, openTestPostgres } from '@cinegraph/testkit/database'
import pg from 'pg'
import { expect, test } from 'vitest'

test('each database is migrated and its own', async () => {
  const [one, other] = await Promise.all([openTestPostgres(), openTestPostgres()])
  const before = await other.prisma.role.count()
  await one.prisma.role.deleteMany()
  expect(await one.prisma.role.count()).toBe(0)
  expect(await other.prisma.role.count()).toBe(before)
  expect(before).toBeGreaterThan(0)
})

test('an empty database has no tables of ours', async () => {
  const { url } = await createTestDatabase({ empty: true })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(
    `SELECT 1 FROM information_schema.schemata WHERE schema_name IN ('users', 'films', 'people')`,
  )
  await client.end()
  expect(rows).toEqual([])
})
