import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { openSearchIndex } from '../search/open.js'
import { openPostgres, type Postgres } from './open.js'

let url: string
beforeAll(async () => {
  ;({ url } = await createTestDatabase())
})

let postgres: Postgres
afterEach(() => postgres.stop(AbortSignal.timeout(5_000)))

const film = '7f0b2d4e-3c1a-4b7e-9f55-0a1b2c3d4e5f'

/** Operations over one connection, whose statements are all of one session. */
async function open(query = '') {
  const { log } = memoryLog()
  postgres = openPostgres({ url: url + query, log, poolSize: 1 })
  await postgres.start()
  const search = openSearchIndex({ url, postgres, log })
  await search.start()
  return async () => {
    await postgres.prisma.film.findMany({ where: { id: { in: [film] } }, select: { slug: true } })
    await search.films({
      ...{ language: 'en', filter: { audiences: ['everyone'] }, first: 3 },
      sort: { field: 'TITLE', direction: 'ASC' },
    })
  }
}

async function prepared() {
  const { rows } = await postgres.pool.query<{ name: string; at: Date; uses: number }>(
    `SELECT name, prepare_time AS at, (generic_plans + custom_plans)::int AS uses FROM pg_prepared_statements ORDER BY name`,
  )
  const uses = rows.reduce((sum, { uses }) => sum + uses, 0)
  return { statements: rows.map(({ name, at }) => `${name} ${at.getTime()}`), uses }
}

it('a repeated operation parses nothing anew', async () => {
  const operate = await open()
  for (let time = 0; time < 3; time++) await operate()
  const before = await prepared()
  expect(before.statements).not.toHaveLength(0)
  await operate()
  const after = await prepared()
  expect(after.statements).toEqual(before.statements)
  expect(after.uses).toBe(before.uses + before.statements.length)
})

it('nothing is prepared behind a pooler that the URL tells of', async () => {
  const operate = await open('?pgbouncer=true')
  for (let time = 0; time < 3; time++) await operate()
  expect(await prepared()).toEqual({ statements: [], uses: 0 })
})
