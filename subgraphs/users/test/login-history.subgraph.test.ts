import { randomUUID } from 'node:crypto'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Viewer } from '@cinegraph/kit/identity'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { until } from '@cinegraph/testkit/until'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LoginOutcome } from '../src/login-history/login-history.repository.js'
import { createClock, startUsers, statementsOf, viewerOf } from './start-users.js'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'
const HISTORY = `query ($first: Int, $after: String, $count: Boolean = false) {
  me {
    loginHistory(first: $first, after: $after) {
      totalCount @include(if: $count)
      pageInfo { hasNextPage hasPreviousPage endCursor }
      edges {
        cursor
        node { at method outcome deviceType deviceName userAgent address sessionId }
      }
    }
  }
}`

interface History {
  totalCount?: number
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
  edges: { cursor: string; node: { at: string; outcome: string; [field: string]: unknown } }[]
}

const clock = createClock()
let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres, { now: clock.now })
})

const historyOf = async (viewer: Viewer, variables: Record<string, unknown> = {}) =>
  expectData(await users.run<{ me: { loginHistory: History } }>(HISTORY, variables, viewer)).me
    .loginHistory

const nodesOf = async (viewer: Viewer) => (await historyOf(viewer)).edges.map(({ node }) => node)

describe('the login history', () => {
  it('says of each attempt when, how, from which device, and what came of it', async () => {
    const laptop = users.from('2001:db8::7', FIREFOX)
    const session = await laptop.register({ login: 'akerman' })
    const registered = { at: clock.now().toISOString(), session: viewerOf(session) }
    clock.advance({ seconds: 60 })
    await users.from('192.0.2.1').logInError('akerman', 'not the password')
    const failed = clock.now().toISOString()
    // it is written behind the answer
    await until(async () => (await nodesOf(viewerOf(session))).length === 2)
    expect(await nodesOf(viewerOf(session))).toEqual([
      {
        at: failed,
        method: 'PASSWORD',
        outcome: 'WRONG_PASSWORD',
        deviceType: 'WEB',
        deviceName: 'Unknown device',
        userAgent: null,
        address: '192.0.2.1',
        sessionId: null,
      },
      {
        at: registered.at,
        method: 'REGISTRATION',
        outcome: 'SUCCESS',
        deviceType: 'WEB',
        deviceName: 'Firefox on Linux',
        userAgent: FIREFOX,
        address: '2001:db8::7',
        sessionId: registered.session.sessionId,
      },
    ])
  })

  it('has a stolen refresh token, and no refresh that went well', async () => {
    const first = await users.register({ login: 'denis' })
    await users.refresh(first.refreshToken)
    clock.advance({ seconds: 11 })
    await users.from('198.51.100.9').refreshError(first.refreshToken)
    const viewer = viewerOf(first)
    expect(await nodesOf(viewer)).toMatchObject([
      {
        method: 'REFRESH',
        outcome: 'REFRESH_TOKEN_REUSED',
        address: '198.51.100.9',
        sessionId: viewer.sessionId,
      },
      { method: 'REGISTRATION', outcome: 'SUCCESS' },
    ])
  })

  it('is for the owner and for the permission users:read', async () => {
    const { user } = await users.register({ login: 'campion' })
    const query = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        ... on User { login loginHistory { edges { node { outcome } } } }
      }
    }`
    const representations = [{ __typename: 'User', id: user.id }]
    const seenBy = async (viewer?: Viewer) =>
      expectData(await users.run<{ _entities: unknown[] }>(query, { representations }, viewer))
        ._entities
    const hidden = [{ login: 'campion', loginHistory: null }]
    const shown = [
      { login: 'campion', loginHistory: { edges: [{ node: { outcome: 'SUCCESS' } }] } },
    ]
    expect(await seenBy()).toEqual(hidden)
    expect(await seenBy(asUser({ permissions: ['users:write'] }))).toEqual(hidden)
    expect(await seenBy(asUser({ permissions: ['users:read'] }))).toEqual(shown)
    expect(await seenBy(asUser({ id: user.id }))).toEqual(shown)
  })
})

describe('pages of it', () => {
  /** An account with attempts at these times, in milliseconds from now. */
  async function accountWith(login: string, times: readonly number[], outcome: LoginOutcome) {
    const { user } = await users.register({ login })
    await postgres.prisma.loginAttempt.deleteMany({ where: { userId: user.id } })
    const rows = times.map((ms) => ({
      id: randomUUID(),
      at: new Date(clock.now().getTime() + ms),
      userId: user.id,
      method: 'PASSWORD' as const,
      outcome,
      deviceType: 'WEB' as const,
      deviceName: `at ${ms}`,
    }))
    await postgres.prisma.loginAttempt.createMany({ data: rows })
    return asUser({ id: user.id })
  }

  async function allPages(viewer: Viewer, first: number) {
    const names: unknown[] = []
    let after: string | null = null
    for (;;) {
      const page: History = await historyOf(viewer, { first, after, count: true })
      names.push(...page.edges.map(({ node }) => node['deviceName']))
      expect(page.totalCount).toBe(7)
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null)
      if (!page.pageInfo.hasNextPage) return names
      after = page.pageInfo.endCursor
    }
  }

  it('follow one another without a gap or a repetition, over months and within one millisecond', async () => {
    const month = 31 * 86_400_000
    const times = [0, -1, -1, -1, -month, -2 * month, -30 * month]
    const viewer = await accountWith('ozu', times, 'SUCCESS')
    const inOrder = times.map((ms) => `at ${ms}`)
    for (const first of [1, 2, 3, 7, 100]) expect(await allPages(viewer, first)).toEqual(inOrder)
  })

  it('stay where they are when attempts are added', async () => {
    const viewer = await accountWith('kurosawa', [-1, -2, -3], 'WRONG_PASSWORD')
    const { pageInfo } = await historyOf(viewer, { first: 2 })
    clock.advance({ seconds: 1 })
    await users.logIn('kurosawa')
    const next = await historyOf(viewer, { after: pageInfo.endCursor })
    expect(next.edges.map(({ node }) => node['deviceName'])).toEqual(['at -3'])
  })

  it.each([
    [{ first: 0 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ after: 'nonsense' }, 'after'],
    [{ after: Buffer.from('[-1,"x"]').toString('base64url') }, 'after'],
  ])('refuse %j', async (variables, argument) => {
    const viewer = viewerOf(await users.register({ login: `refused-${randomUUID().slice(0, 8)}` }))
    const { extensions } = expectError(await users.run(HISTORY, variables, viewer))
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: [argument] })
  })

  it('take one statement, of however many accounts', async () => {
    const ids: string[] = []
    for (const login of ['tati', 'bresson', 'rivette', 'rohmer', 'malle']) {
      ids.push((await users.register({ login })).user.id)
    }
    const representations = ids.map((id) => ({ __typename: 'User', id }))
    const query = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        ... on User { loginHistory(first: 5) { totalCount edges { node { outcome } } } }
      }
    }`
    const ask = async (representations: unknown) => {
      const viewer = asUser({ permissions: ['users:read'] })
      const answer = await users.run<{ _entities: unknown[] }>(query, { representations }, viewer)
      return expectData(answer)._entities
    }
    expect(await ask(representations)).toEqual(
      ids.map(() => ({
        loginHistory: { totalCount: 1, edges: [{ node: { outcome: 'SUCCESS' } }] },
      })),
    )
    const ofOne = await statementsOf(postgres, () => ask(representations.slice(0, 1)))
    const ofAll = await statementsOf(postgres, () => ask(representations))
    expect(ofOne).toBeGreaterThanOrEqual(3)
    expect(ofAll).toBe(ofOne)
  })
})

it('costs no log-in when it cannot be written; what is lost is logged and counted', async () => {
  const { user } = await users.register({ login: 'fellini' })
  await postgres.pool.query('ALTER TABLE users.login_attempt RENAME TO misplaced')
  await users.logIn('fellini')
  await postgres.pool.query('ALTER TABLE users.misplaced RENAME TO login_attempt')
  expect(users.lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      msg: 'login attempt not recorded',
      userId: user.id,
      method: 'PASSWORD',
      outcome: 'SUCCESS',
    }),
  )
  const lost = users.metrics.getSingleMetric('cinegraph_users_login_attempts_lost_total')
  expect((await lost!.get()).values).toMatchObject([{ value: 1 }])
  expect(await nodesOf(asUser({ id: user.id }))).toMatchObject([{ method: 'REGISTRATION' }])
})
