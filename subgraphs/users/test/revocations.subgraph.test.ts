import type { Postgres } from '@cinegraph/engines/postgres/open'
import { serveSubgraph } from '@cinegraph/kit/graphql/subgraph'
import type { HttpServer } from '@cinegraph/kit/http/server'
import { type Revocation, REVOCATIONS_AUDIENCE, revocationFeed } from '@cinegraph/kit/revocations'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { ANONYMOUS, asUser, testIdentity } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  revokeDeletedUser,
  revokeKey,
  revokeUser,
} from '../src/revocations/revocation.repository.js'
import { createClock, openAnother, startUsers, viewerOf } from './start-users.js'

const WRITERS = 4
const WAIT = 25
const clock = createClock()
const pools: Postgres[] = []
let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let server: HttpServer

const stop = () => AbortSignal.timeout(20_000)
const later = (seconds = 660) => new Date(clock.now().getTime() + seconds * 1000)
const serve = async () => {
  const server = await serveSubgraph(users.subgraph, {
    host: '127.0.0.1',
    port: 0,
    log: memoryLog().log,
    metrics: users.metrics,
    dependencies: [],
  })
  await server.start()
  return server
}

beforeAll(async () => {
  const { url } = await createTestDatabase()
  pools.push(...Array.from({ length: WRITERS }, () => openAnother(url)))
  await Promise.all(pools.map((it) => it.start()))
  postgres = pools[0]!
  users = await startUsers(postgres, { now: clock.now })
  server = await serve()
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  await server.stop(stop())
  await users.subgraph.stop(stop())
  for (const pool of pools) await pool.stop(stop())
})

const signed = () => testIdentity.headersFor(ANONYMOUS, REVOCATIONS_AUDIENCE)

const ask = async (query = '', options: RequestInit = {}) =>
  fetch(`${server.url}/internal/revocations${query}`, { headers: await signed(), ...options })

const read = async (query = '') => {
  const response = await ask(query)
  expect(response.status).toBe(200)
  return revocationFeed.parse(await response.json())
}
const latest = async () => (await read()).cursor

/** Everything that comes after `cursor`, until `enough`. */
const follow = async (cursor: string, enough: (all: Revocation[]) => boolean) => {
  const all: Revocation[] = []
  while (!enough(all)) {
    const news = await read(`?after=${cursor}&wait=${WAIT}`)
    all.push(...news.revocations)
    cursor = news.cursor
  }
  return all
}

const untilWaiting = (gateways: number) =>
  until(async () => {
    const metric = await users.metrics.getSingleMetric('cinegraph_users_revocations_waiting')?.get()
    return metric?.values[0]?.value === gateways
  })

describe('the feed of revocations', () => {
  it('gives what is in force, at once, and then only what came later', async () => {
    const session = await users.register({ login: 'wise' })
    const { userId, ...expiry } = { userId: session.user.id, expiresAt: later() }
    const expiresAt = expiry.expiresAt.toISOString()
    await revokeKey(postgres.prisma, { keyId: 'an old key', expiresAt: later(-1) })
    await revokeKey(postgres.prisma, { keyId: 'a key', ...expiry })
    const first = await read()
    expect(first.revocations).toEqual([{ keyId: 'a key', expiresAt }])

    await revokeUser(postgres.prisma, { userId, ...expiry })
    await revokeUser(postgres.prisma, { userId, ...expiry })
    await users.run('mutation { logOut }', {}, viewerOf(session))
    await revokeDeletedUser(postgres.prisma, { userId, ...expiry })
    expect((await read(`?after=${first.cursor}`)).revocations).toEqual([
      { userId, generation: 1, expiresAt },
      { userId, generation: 2, expiresAt },
      { sessionId: viewerOf(session).sessionId, expiresAt },
      { userId, generation: 2_147_483_647, expiresAt },
    ])
    expect((await read()).revocations).toHaveLength(5)
    clock.advance({ seconds: 660 })
    expect((await read()).revocations).toEqual([])
  })

  it('answers an empty list when nothing came, and keeps the cursor', async () => {
    const cursor = await latest()
    expect(await read(`?after=${cursor}`)).toEqual({ cursor, revocations: [] })
    expect(await read(`?after=${cursor}&wait=0.01`)).toEqual({ cursor, revocations: [] })
  })

  it('gives 10,000 at once, and the rest to who asks again', async () => {
    let cursor = await latest()
    await postgres.pool.query(
      `INSERT INTO users.revocation (key_id, expires_at)
       SELECT 'one of many ' || n, $1 FROM generate_series(1, 20001) n`,
      [later()],
    )
    try {
      for (const last of [10_000, 20_000, 20_001]) {
        const answer = await read(`?after=${cursor}&wait=${WAIT}`)
        expect(answer.revocations).toHaveLength(last % 10_000 || 10_000)
        expect(answer.revocations.at(-1)).toMatchObject({ keyId: `one of many ${last}` })
        cursor = answer.cursor
      }
      expect((await read()).revocations).toHaveLength(10_000)
    } finally {
      await postgres.pool.query(`DELETE FROM users.revocation WHERE key_id LIKE 'one of many %'`)
    }
  })

  it.each<[string, () => Promise<Record<string, string>>]>([
    ['nothing', async () => ({})],
    ['a viewer for the subgraph', () => testIdentity.headersFor(asUser(), 'users')],
    ['an access token', async () => ({ authorization: `Bearer ${await accessToken()}` })],
  ])('refuses %s', async (_, headers) => {
    const response = await ask('?wait=25', { headers: await headers() })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
  })

  it.each([
    'after=x',
    'after=-1',
    'after=',
    `after=${'9'.repeat(19)}`,
    'wait=soon',
    'after=1&after=2',
  ])('refuses the question %s', async (question) => {
    const response = await ask(`?${question}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    })
  })
})

const accessToken = async () => (await users.logIn('wise')).accessToken

describe('a gateway that waits', () => {
  it('is told at once, whichever process revoked', async () => {
    const cursor = await latest()
    // then nobody looks again by the clock: only the notification can wake
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal)
    const answers = [0, 1, 2].map(() => read(`?after=${cursor}&wait=${WAIT}`))
    await untilWaiting(3)
    await revokeKey(pools[3]!.prisma, { keyId: 'told', expiresAt: later() })
    for (const { revocations } of await Promise.all(answers)) {
      expect(revocations).toMatchObject([{ keyId: 'told' }])
    }
  })

  it('is told of what no notification came of', async () => {
    const cursor = await latest()
    await postgres.pool.query('ALTER TABLE users.revocation DISABLE TRIGGER revocation_in_turn')
    try {
      const answer = read(`?after=${cursor}&wait=${WAIT}`)
      await untilWaiting(1)
      await revokeKey(postgres.prisma, { keyId: 'untold', expiresAt: later() })
      expect((await answer).revocations).toMatchObject([{ keyId: 'untold' }])
    } finally {
      await postgres.pool.query('ALTER TABLE users.revocation ENABLE TRIGGER revocation_in_turn')
    }
  })

  it('is forgotten when it goes away', async () => {
    const caller = new AbortController()
    const answer = ask(`?after=${await latest()}&wait=${WAIT}`, { signal: caller.signal })
    await untilWaiting(1)
    caller.abort()
    await expect(answer).rejects.toThrow(/abort/)
    await untilWaiting(0)
  })

  it('is answered when the process stops', async () => {
    const cursor = await latest()
    const answer = read(`?after=${cursor}&wait=${WAIT}`)
    await untilWaiting(1)
    await server.stop(stop())
    expect(await answer).toEqual({ cursor, revocations: [] })
    server = await serve()
  })
})

describe('writers at the same time', () => {
  it('come one after the other, so that no later one can be read before an earlier one', async () => {
    const cursor = await latest()
    const insert = (keyId: string) =>
      `INSERT INTO users.revocation (key_id, expires_at) VALUES ('${keyId}', now() + interval '1 day')`
    const first = await postgres.pool.connect()
    await first.query(`BEGIN; ${insert('first')}`)
    const second = pools[1]!.pool.query(insert('second'))
    const isWaiting = async () => {
      const { rows } = await postgres.pool.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
      )
      return rows.length === 1
    }
    await Promise.race([second, until(isWaiting)])
    expect((await read(`?after=${cursor}`)).revocations).toEqual([])
    await first.query('COMMIT')
    first.release()
    await second
    const keys = (await read(`?after=${cursor}`)).revocations
    expect(keys).toMatchObject([{ keyId: 'first' }, { keyId: 'second' }])
  })

  it('leave nothing that a reader who follows the cursor misses', async () => {
    const cursor = await latest()
    const expiresAt = later()
    const each = Array.from({ length: 40 }, (_, i) => i)
    const write = async (writer: number) => {
      for (let i = 0; i < 25; i++) {
        const { prisma } = pools[writer % WRITERS]!
        await revokeKey(prisma, { keyId: `key ${writer * 25 + i}`, expiresAt })
      }
    }
    const written = Promise.all(each.map(write)).then(() =>
      revokeKey(postgres.prisma, { keyId: 'the last', expiresAt }),
    )
    const isLast = (it: Revocation | undefined) => it && 'keyId' in it && it.keyId === 'the last'
    const readers = await Promise.all(
      [0, 1, 2].map(() => follow(cursor, (all) => Boolean(isLast(all.at(-1))))),
    )
    await written
    for (const seen of readers) {
      expect(seen).toHaveLength(1001)
      expect(new Set(seen.map((it) => 'keyId' in it && it.keyId)).size).toBe(1001)
    }
  })

  it('wait for an account before they take their turn: one that is held up holds up nobody else', async () => {
    const { user } = await users.register({ login: 'held' })
    const holder = await postgres.pool.connect()
    await holder.query('BEGIN')
    await holder.query('UPDATE users."user" SET blocked_reason = $1 WHERE id = $2', ['x', user.id])
    const heldUp = revokeUser(pools[1]!.prisma, { userId: user.id, expiresAt: later() }).then()
    const others = users.run('mutation { endAllSessions }', {}, asUser({ id: user.id }))
    await until(async () => {
      const { rows } = await postgres.pool.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%users."user"%'
         AND datname = current_database()`,
      )
      return rows.length === 2
    })
    await revokeKey(pools[2]!.prisma, { keyId: 'not held up', expiresAt: later() })
    await holder.query('COMMIT')
    holder.release()
    await Promise.all([heldUp, others])
  })
})
