import { AsyncLocalStorage } from 'node:async_hooks'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectData } from '@cinegraph/testkit/execute'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { READER, ROLES } from './administration.js'
import { startUsers } from './start-users.js'

const ACCOUNTS = 20_000
/** Before that they registered, one a minute. */
const BEGIN = Date.UTC(2026, 0, 1)

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres)
  const { pool } = postgres
  await pool.query(
    `INSERT INTO users."user" (id, login, login_key, email, first_name, last_name, created_at, updated_at, blocked_at)
     SELECT gen_random_uuid(), 'Viewer' || n, 'viewer' || n, md5(n::text) || '@example.org',
       CASE WHEN n % 10 = 0 THEN 'Дзига' ELSE 'Anna' END,
       CASE WHEN n % 1000 = 0 THEN 'Вертов' || n ELSE 'Smith' || n END,
       to_timestamp($2 - n * 60), now(), CASE WHEN n % 2000 = 0 THEN now() END
     FROM generate_series(1, $1) n`,
    [ACCOUNTS, BEGIN / 1000],
  )
  await pool.query(
    `INSERT INTO users.user_role (user_id, role_id)
     SELECT id, CASE WHEN login_key LIKE 'viewer1999_' THEN $1 ELSE $2 END::uuid FROM users."user"`,
    [ROLES.editor, ROLES.user],
  )
  await pool.query('ANALYZE')
})

afterEach(() => vi.restoreAllMocks())

/** The plans of the statements on accounts that `work` sends, as they were sent. */
async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
  const { pool } = postgres
  const working = new AsyncLocalStorage<true>()
  const sent: { text: string; values: unknown[] }[] = []
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown
  vi.spyOn(pool, 'query').mockImplementation((...args: unknown[]) => {
    // as Prisma's adapter calls it
    if (working.getStore()) sent.push(args[0] as { text: string; values: unknown[] })
    return query(...args)
  })
  await working.run(true, work)
  vi.restoreAllMocks()
  return Promise.all(
    sent.map(async ({ text, values }) => {
      const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values)
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    }),
  )
}

const LIST = `query ($filter: UserFilter, $sort: UserSort, $after: String) {
  users(filter: $filter, sort: $sort, after: $after) { edges { node { login } } pageInfo { endCursor } }
}`

interface List {
  users: { edges: unknown[]; pageInfo: { endCursor: string } }
}

const list = async (variables: Record<string, unknown>) =>
  expectData(await users.run<List>(LIST, variables, READER)).users

it.each([
  ['a part of a login', { filter: { search: 'ewer4242' } }, 1],
  ['a part of an address', { filter: { search: 'c4ca4238a0b9' } }, 1],
  ['a name', { filter: { search: 'smith4243' } }, 1],
  ['a name in Cyrillic letters', { filter: { search: 'вертов12000' } }, 1],
  ['a name that many have', { filter: { search: 'дзига' } }, 20],
  ['the beginning of a login', { filter: { search: 'vi' }, sort: 'LOGIN' }, 20],
  ['what nobody has', { filter: { search: 'zzzzzz' } }, 0],
  ['nothing', {}, 20],
  ['nothing, by login', { sort: 'LOGIN_REVERSED' }, 20],
  ['the blocked', { filter: { blocked: true } }, 10],
  ['a role that few have', { filter: { role: 'editor' } }, 10],
  ['a role that nearly all have', { filter: { role: 'user' } }, 20],
  ['a day', { filter: { registeredFrom: new Date(BEGIN - 600_000) } }, 10],
])('a search for %s reads no table from end to end', async (_, variables, found) => {
  let edges: unknown[] = []
  const plans = await plansOf(async () => {
    edges = (await list(variables)).edges
  })
  expect(edges).toHaveLength(found)
  expect(plans.length).toBeGreaterThan(0)
  for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on (user|user_role)\b/)
})

it.each(['NEWEST_FIRST', 'OLDEST_FIRST', 'LOGIN'])(
  'a page in the middle of %s begins where the one before ended',
  async (sort) => {
    const { pageInfo } = await list({ sort })
    const [plan] = await plansOf(() => list({ sort, after: pageInfo.endCursor }))
    expect(plan).toMatch(/Index Cond: .*(created_at|login_key)/)
    expect(plan).not.toMatch(/Sort|Filter/)
  },
)
