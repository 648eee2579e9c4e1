import type { Postgres } from '@cinegraph/engines/postgres/open'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { expectData, expectError } from '@cinegraph/testkit/execute'
import { decodeJwt } from 'jose'
import { until } from '@cinegraph/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createClock,
  openAnother,
  settings,
  startUsers,
  statementsOf,
  type SessionData,
  viewerOf,
} from './start-users.js'

const clock = createClock()
let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  postgres = openAnother((await createTestDatabase()).url)
  await postgres.start()
  users = await startUsers(postgres, { now: clock.now })
})
afterAll(() => postgres.stop(AbortSignal.timeout(10_000)))

const sessionId = (session: SessionData) => decodeJwt(session.accessToken)['sid']

const liveSessions = ({ user }: SessionData) =>
  postgres.prisma.session.count({ where: { userId: user.id, endedAt: null } })

const ENDED = {
  message: 'This session has ended. Log in again.',
  extensions: { code: 'UNAUTHENTICATED', argument: ['refreshToken'] },
}

describe('log in', () => {
  it('takes the login in any case and opens a session of its own', async () => {
    const first = await users.register({ login: 'Melies' })
    const second = await users.logIn(' mELIES ')
    expect(second.user).toEqual(first.user)
    expect(sessionId(second)).not.toBe(sessionId(first))
    expect(await liveSessions(first)).toBe(2)
  })

  it('refuses an unknown login and a wrong password in the same words', async () => {
    await users.register({ login: 'guy-blache' })
    const wrong = await users.logInError('guy-blache', 'not the password')
    expect(wrong.extensions.code).toBe('UNAUTHENTICATED')
    for (const login of ['nobody-at-all', 'no login at all', 'guy\0blache', '']) {
      const unknown = await users.logInError(login)
      expect(unknown).toEqual({
        ...wrong,
        extensions: { ...wrong.extensions, requestId: unknown.extensions['requestId'] },
      })
    }
  })

  it.each([
    ['login', 257],
    ['password', 1025],
  ])('refuses a %s that is not worth looking at', async (field, length) => {
    const input = { login: 'melies', password: 'x', [field]: 'x'.repeat(length) }
    const { extensions } = await users.logInError(input.login, input.password)
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['input', field] })
  })

  it('hashes the password anew when the cost has changed', async () => {
    const { user } = await users.register({ login: 'porter' })
    const hash = async () =>
      (await postgres.prisma.user.findUniqueOrThrow({ where: { id: user.id } })).passwordHash
    const passwordHash = { ...settings.passwordHash, memoryKiB: 128, passes: 2 }
    const later = await startUsers(postgres, { passwordHash })
    await later.logInError('porter', 'not the password')
    expect(await hash()).toContain('$m=64,t=1,p=1$')
    await later.logIn('porter')
    expect(await hash()).toContain('$m=128,t=2,p=1$')
    expect(await later.logIn('porter')).toMatchObject({ user: { id: user.id } })
  })
})

describe('refresh', () => {
  it('gives new tokens of the same session, whose lives begin anew', async () => {
    const first = await users.register({ login: 'lumiere' })
    clock.advance({ days: 29 })
    const second = await users.refresh(first.refreshToken)
    expect(second.user).toEqual(first.user)
    expect(second.refreshToken).not.toBe(first.refreshToken)
    expect(sessionId(second)).toBe(sessionId(first))
    const lives = (session: SessionData) => [
      Date.parse(session.accessTokenExpiresAt),
      Date.parse(session.refreshTokenExpiresAt),
    ]
    const now = clock.now().getTime()
    expect(lives(second)).toEqual([Math.floor(now / 1000) * 1000 + 600_000, now + 30 * 86_400_000])
    clock.advance({ days: 29 })
    await users.refresh(second.refreshToken)
  })

  it('takes over roles that were given meanwhile', async () => {
    const first = await users.register({ login: 'chomon' })
    await users.accounts.ensure({ login: 'chomon', password: 'not used', roles: ['editor'] })
    const second = await users.refresh(first.refreshToken)
    expect(second.user.roles).toEqual(['editor', 'user'])
    expect(decodeJwt(second.accessToken)).toMatchObject({
      roles: ['editor', 'user'],
      permissions: ['films:read-hidden', 'films:write', 'people:write'],
    })
  })

  it('waits for a change of what the account may, and then issues what it may', async () => {
    const { refreshToken, user } = await users.register({ login: 'alice' })
    const admin = await postgres.pool.connect()
    await admin.query('BEGIN')
    await admin.query(
      'UPDATE users."user" SET token_generation = token_generation + 1 WHERE id = $1',
      [user.id],
    )
    await admin.query('DELETE FROM users.user_role WHERE user_id = $1', [user.id])
    const refreshed = users.refresh(refreshToken)
    await until(async () => {
      const { rows } = await postgres.pool.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%refresh_token%'
         AND datname = current_database()`,
      )
      return rows.length === 1
    })
    await admin.query('COMMIT')
    admin.release()
    const { accessToken } = await refreshed
    expect(decodeJwt(accessToken)).toMatchObject({ gen: 1, roles: [] })
  })

  it('refuses a token that never was', async () => {
    for (const token of ['', 'x', 'A'.repeat(43)]) {
      expect(await users.refreshError(token)).toMatchObject(ENDED)
    }
  })

  it('refuses a token after its life', async () => {
    const { refreshToken } = await users.register({ login: 'zecca' })
    clock.advance({ days: 30 })
    expect(await users.refreshError(refreshToken)).toMatchObject(ENDED)
  })

  it('takes no access token', async () => {
    const { accessToken } = await users.register({ login: 'pathe' })
    expect(await users.refreshError(accessToken)).toMatchObject(ENDED)
  })

  it('honours a spent token for ten seconds', async () => {
    const first = await users.register({ login: 'feuillade' })
    const second = await users.refresh(first.refreshToken)
    clock.advance({ seconds: 10 })
    const sibling = await users.refresh(first.refreshToken)
    expect(sessionId(sibling)).toBe(sessionId(second))
    expect(await users.tryRefresh(second.refreshToken)).not.toBeNull()
    expect(await users.tryRefresh(sibling.refreshToken)).not.toBeNull()
  })

  it('counts the ten seconds from the first use, not from the last', async () => {
    const { refreshToken } = await users.register({ login: 'perret' })
    await users.refresh(refreshToken)
    clock.advance({ seconds: 6 })
    await users.refresh(refreshToken)
    clock.advance({ seconds: 6 })
    expect(await users.refreshError(refreshToken)).toMatchObject(ENDED)
  })

  it('ends the session when a token is used again later, and only this session', async () => {
    const first = await users.register({ login: 'gance' })
    const elsewhere = await users.logIn('gance')
    const second = await users.refresh(first.refreshToken)
    clock.advance({ seconds: 10, ms: 1 })
    expect(await users.refreshError(first.refreshToken)).toMatchObject(ENDED)
    expect(await users.refreshError(second.refreshToken)).toMatchObject(ENDED)
    expect(users.lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: 'spent refresh token reused',
        sessionId: sessionId(first),
      }),
    )
    expect(await users.tryRefresh(elsewhere.refreshToken)).not.toBeNull()
  })

  it('stores tokens as their hashes only', async () => {
    const first = await users.register({ login: 'epstein' })
    const rows = await postgres.prisma.refreshToken.findMany({
      where: { session: { userId: first.user.id } },
    })
    expect(rows.map((row) => Buffer.from(row.hash).length)).toEqual([32])
    expect(JSON.stringify(rows)).not.toContain(first.refreshToken)
  })

  it('is refused to who is blocked, and to who is gone', async () => {
    const blocked = await users.register({ login: 'chaplin' })
    const { id } = blocked.user
    await postgres.prisma.user.update({ where: { id }, data: { blockedAt: clock.now() } })
    expect(await users.refreshError(blocked.refreshToken)).toMatchObject(ENDED)
    const gone = await users.register({ login: 'linder' })
    await postgres.prisma.user.delete({ where: { id: gone.user.id } })
    expect(await users.refreshError(gone.refreshToken)).toMatchObject(ENDED)
  })

  it('needs a token', async () => {
    const answer = await users.run('mutation { refreshSession { accessToken } }', {})
    expect(expectError(answer)).toMatchObject({
      message: 'refreshToken: is required with the delivery BODY',
      extensions: { code: 'BAD_USER_INPUT', argument: ['refreshToken'] },
    })
  })

  it('costs the same number of SQL statements, however many tokens the session had', async () => {
    let { refreshToken } = await users.register({ login: 'counted' })
    const refresh = async () => {
      refreshToken = (await users.refresh(refreshToken)).refreshToken
    }
    const early = await statementsOf(postgres, refresh)
    for (let i = 0; i < 10; i++) await refresh()
    expect(await statementsOf(postgres, refresh)).toBe(early)
    expect(early).toBeLessThanOrEqual(6)
  })
})

describe('a token that was copied', () => {
  it('is told to the owner, and its access tokens are refused', async () => {
    const first = await users.register({ login: 'murnau' })
    const { refreshToken } = await users.refresh(first.refreshToken)
    clock.advance({ seconds: 11 })
    await users.refreshError(first.refreshToken)
    expect(await users.tryRefresh(refreshToken)).toBeNull()
    clock.advance({ seconds: 1 })
    const session = await users.logIn('murnau')
    const query =
      '{ me { loginHistory(first: 2) { edges { node { method outcome sessionId } } } } }'
    expect(expectData(await users.run(query, {}, viewerOf(session)))).toMatchObject({
      me: {
        loginHistory: {
          edges: [
            { node: { outcome: 'SUCCESS' } },
            {
              node: {
                method: 'REFRESH',
                outcome: 'REFRESH_TOKEN_REUSED',
                sessionId: sessionId(first),
              },
            },
          ],
        },
      },
    })
    const where = { sessionId: String(sessionId(first)) }
    const [revoked] = await postgres.prisma.revocation.findMany({ where })
    // the last access token lives ten minutes
    expect(revoked?.expiresAt).toEqual(new Date(clock.now().getTime() + 659_000))
  })
})

describe('a log-in that something overtakes', () => {
  it.each([
    ['logging out everywhere', 'token_generation = token_generation + 1'],
    ['blocking', 'blocked_at = now()'],
  ])('opens no session: %s', async (_, change) => {
    const login = `overtaken${change.length}`
    const { user } = await users.register({ login })
    const other = await postgres.pool.connect()
    await other.query('BEGIN')
    await other.query(`UPDATE users."user" SET ${change} WHERE id = $1`, [user.id])
    const overtaken = users.logInError(login)
    await until(isLocked)
    await other.query('COMMIT')
    other.release()
    expect((await overtaken).extensions.code).toBe('UNAUTHENTICATED')
    expect(await postgres.prisma.session.count({ where: { userId: user.id } })).toBe(1)
  })
})

const isLocked = async () => {
  const { rows } = await postgres.pool.query(
    `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  )
  return rows.length > 0
}

describe('access tokens', () => {
  it('carry the generation of the account', async () => {
    const first = await users.register({ login: 'wiene' })
    expect(decodeJwt(first.accessToken)['gen']).toBe(0)
    expectData(await users.run('mutation { endAllSessions }', {}, viewerOf(first)))
    const second = await users.logIn('wiene')
    const third = await users.refresh(second.refreshToken)
    expect([second, third].map((it) => decodeJwt(it.accessToken)['gen'])).toEqual([1, 1])
  })
})

it('counts the sessions that are opened, by what the person logged in with', async () => {
  const others = await startUsers(postgres, { now: clock.now })
  const { refreshToken } = await others.register({ login: 'metered' })
  await others.logIn('metered')
  await others.logIn('metered')
  await others.refresh(refreshToken)
  const metric = others.metrics.getSingleMetric('cinegraph_users_sessions_opened_total')!
  const { values } = await metric.get()
  expect(values.map(({ labels, value }) => [labels['method'], value])).toEqual([
    ['registration', 1],
    ['password', 2],
  ])
})

describe('refreshes at the same time', () => {
  it('a thousand of one token leave one living session, which a late use of the token ends', async () => {
    const first = await users.register({ login: 'eisenstein' })
    const uses = await Promise.all(
      Array.from({ length: 1000 }, () => users.useRefreshToken(first.refreshToken)),
    )
    const siblings = uses.filter((it) => 'refreshToken' in it)
    expect(new Set(siblings.map((it) => it.refreshToken)).size).toBe(20)
    const metric = users.metrics.getSingleMetric('cinegraph_users_refreshes_total')
    expect((await metric?.get())?.values).toContainEqual({
      labels: { outcome: 'too_many_successors' },
      value: 980,
    })
    for (const use of uses.filter((it) => 'extensions' in it)) {
      expect(use.extensions).toMatchObject({ code: 'CONFLICT', argument: ['refreshToken'] })
    }
    expect(new Set(siblings.map(sessionId))).toEqual(new Set([sessionId(first)]))
    expect(await liveSessions(first)).toBe(1)
    const heirs = await Promise.all(siblings.slice(1).map((it) => users.refresh(it.refreshToken)))

    clock.advance({ seconds: 11 })
    expect(await users.refreshError(first.refreshToken)).toMatchObject(ENDED)
    expect(await liveSessions(first)).toBe(0)
    for (const { refreshToken } of [...siblings, ...heirs]) {
      expect(await users.tryRefresh(refreshToken)).toBeNull()
    }
  })

  it('leave no living token when a late use of a spent one is among them', async () => {
    const first = await users.register({ login: 'pudovkin' })
    const current = await users.refresh(first.refreshToken)
    clock.advance({ seconds: 11 })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        users.tryRefresh((i % 2 ? first : current).refreshToken),
      ),
    )
    const issued = answers.filter((it) => it !== null)
    expect(issued.length).toBeLessThanOrEqual(25)
    expect(await liveSessions(first)).toBe(0)
    for (const { refreshToken } of [current, ...issued]) {
      expect(await users.tryRefresh(refreshToken)).toBeNull()
    }
  })
})
