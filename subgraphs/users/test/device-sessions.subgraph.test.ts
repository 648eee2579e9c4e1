import type { Postgres } from '@cinegraph/engines/postgres/open'
import { CLIENT_HEADERS } from '@cinegraph/kit/client'
import type { UserViewer, Viewer } from '@cinegraph/kit/identity'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createClock,
  PASSWORD,
  type SessionData,
  settings,
  startUsers,
  statementsOf,
  viewerOf,
} from './start-users.js'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
const TV = 'Roku/DVP-12.0 (12.0.0.4182-88)'
const clock = createClock()
let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres, { now: clock.now })
})

interface Device {
  id: string
  deviceType: string
  deviceName: string
  address: string | null
  createdAt: string
  lastUsedAt: string
  current: boolean
}
interface Page {
  edges: { node: Device; cursor: string }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null }
  totalCount: number
}

const SESSIONS = `sessions(first: $first, after: $after) {
  edges { cursor node { id deviceType deviceName address createdAt lastUsedAt current } }
  pageInfo { hasNextPage hasPreviousPage endCursor } totalCount }`
const OWN = `query ($first: Int! = 20, $after: String) { me { ${SESSIONS} } }`
const ANYBODY = `query ($first: Int! = 20, $after: String, $refs: [_Any!]!) {
  _entities(representations: $refs) { ... on User { ${SESSIONS} } } }`

const page = async (viewer: Viewer, variables: Record<string, unknown> = {}) =>
  expectData(await users.run<{ me: { sessions: Page } }>(OWN, variables, viewer)).me.sessions

const nodes = async (viewer: Viewer) => (await page(viewer)).edges.map((it) => it.node)

const ofAnybody = async (ids: readonly string[], viewer: Viewer) => {
  const refs = ids.map((id) => ({ __typename: 'User', id }))
  type Found = { _entities: { sessions: Page | null }[] }
  return expectData(await users.run<Found>(ANYBODY, { refs }, viewer))._entities
}

const from = (userAgent: string, address: string) => ({
  [CLIENT_HEADERS.userAgent]: userAgent,
  [CLIENT_HEADERS.address]: address,
})

const logInFrom = async (login: string, headers: Record<string, string>) => {
  const query = `mutation ($input: LogInInput!) {
    logIn(input: $input) { accessToken refreshToken user { id } } }`
  const variables = { input: { login, password: PASSWORD } }
  const answer = await execute<{ logIn: SessionData }>(users.subgraph, {
    query,
    variables,
    headers,
  })
  return expectData(answer).logIn
}

const refreshFrom = async (token: string, headers: Record<string, string>) => {
  const query = `mutation ($token: String) { refreshSession(refreshToken: $token) { accessToken } }`
  expectData(await execute(users.subgraph, { query, variables: { token }, headers }))
}

/** `logins` more sessions of `login`, one a second. */
const logInAgain = async (login: string, logins: number) => {
  const sessions: SessionData[] = []
  for (let i = 0; i < logins; i++) {
    clock.advance({ seconds: 1 })
    sessions.push(await users.logIn(login))
  }
  return sessions
}

const refused = async ({ sessionId }: UserViewer) =>
  (await postgres.prisma.revocation.count({ where: { sessionId } })) === 1

const END_ONE = 'mutation ($id: ID!) { endSession(id: $id) }'
const endOne = (viewer: Viewer, id: string) => users.run(END_ONE, { id }, viewer)

describe('the sessions of a person', () => {
  it('tell the device and its address, the one used last first', async () => {
    await users.from(undefined).register({ login: 'ray' })
    clock.advance({ seconds: 1 })
    const web = await logInFrom('ray', from(FIREFOX, '203.0.113.7'))
    clock.advance({ seconds: 1 })
    const app = await logInFrom('ray', from('okhttp/4.12.0', '2001:db8::1'))
    const at = clock.now().toISOString()
    expect(await nodes(viewerOf(web))).toMatchObject([
      {
        id: viewerOf(app).sessionId,
        deviceType: 'MOBILE',
        deviceName: 'Mobile app',
        address: '2001:db8::1',
        createdAt: at,
        lastUsedAt: at,
        current: false,
      },
      {
        id: viewerOf(web).sessionId,
        deviceType: 'WEB',
        deviceName: 'Firefox on Linux',
        address: '203.0.113.7',
        current: true,
      },
      { deviceType: 'WEB', deviceName: 'Unknown device', address: null, current: false },
    ])
  })

  it('follow the device to where it refreshes', async () => {
    await users.register({ login: 'ozu' })
    clock.advance({ seconds: 1 })
    const session = await logInFrom('ozu', from(FIREFOX, '203.0.113.7'))
    const [before] = await nodes(viewerOf(session))
    clock.advance({ seconds: 60 })
    await refreshFrom(session.refreshToken, from(TV, '198.51.100.2'))
    const [after] = await nodes(viewerOf(session))
    expect(after).toEqual({
      ...before,
      deviceType: 'SMART',
      deviceName: 'Roku on TV',
      address: '198.51.100.2',
      lastUsedAt: clock.now().toISOString(),
    })
  })

  it('come in pages, and one that ends in between hides no other', async () => {
    const first = await users.register({ login: 'pages' })
    const viewer = viewerOf(first)
    const sessions = [first, ...(await logInAgain('pages', 4))].map((it) => viewerOf(it).sessionId)
    const newest = sessions.toReversed()
    const one = await page(viewer, { first: 2 })
    expect(one.edges.map((it) => it.node.id)).toEqual(newest.slice(0, 2))
    expect(one).toMatchObject({
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
      totalCount: 5,
    })
    expectData(await endOne(viewer, newest[1]!))
    const two = await page(viewer, { first: 3, after: one.pageInfo.endCursor })
    expect(two.edges.map((it) => it.node.id)).toEqual(newest.slice(2))
    expect(two).toMatchObject({
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
      totalCount: 4,
    })
  })

  it.each([
    ['first', { first: 0 }],
    ['first', { first: 101 }],
    ['after', { after: 'not a cursor' }],
  ])('refuse a bad %s: %j', async (argument, variables) => {
    const viewer = viewerOf(await users.logIn('pages'))
    const { extensions } = expectError(await users.run(OWN, variables, viewer))
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: [argument] })
  })

  it('leave out those that nobody used for the life of a refresh token', async () => {
    await users.register({ login: 'forgotten' })
    clock.advance({ days: 30 })
    const session = await users.logIn('forgotten')
    expect(await nodes(viewerOf(session))).toHaveLength(1)
  })

  it('are for their owner and for who may read accounts', async () => {
    const { user } = await users.register({ login: 'private' })
    for (const viewer of [ANONYMOUS, asUser(), asUser({ permissions: ['users:write'] })]) {
      expect(await ofAnybody([user.id], viewer)).toEqual([{ sessions: null }])
    }
    const [seen] = await ofAnybody([user.id], asUser({ permissions: ['users:read'] }))
    expect(seen?.sessions).toMatchObject({ totalCount: 1, edges: [{ node: { current: false } }] })
  })

  it('of sixty people cost as many SQL statements as those of one', async () => {
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, i) => users.register({ login: `many${i}` })),
    )
    const ids = all.map((it) => it.user.id)
    const reader = asUser({ permissions: ['users:read'] })
    const one = await statementsOf(postgres, () => ofAnybody(ids.slice(0, 1), reader))
    const sixty = await statementsOf(postgres, () => ofAnybody(ids, reader))
    expect(one).toBeGreaterThan(0)
    expect(sixty).toBe(one)
  })
})

describe('at most fifty sessions', () => {
  it('live on one account: one more ends the one that was not used for longest', async () => {
    const first = await users.register({ login: 'busy' })
    const second = await users.logIn('busy')
    clock.advance({ seconds: 1 })
    await users.refresh(first.refreshToken)
    const rest = await logInAgain('busy', 49)
    expect((await page(viewerOf(rest[0]!))).totalCount).toBe(50)
    expect(await users.tryRefresh(second.refreshToken)).toBeNull()
    expect(await refused(viewerOf(second))).toBe(true)
    const ids = (await page(viewerOf(first), { first: 100 })).edges.map((it) => it.node.id)
    expect(ids).toContain(viewerOf(first).sessionId)
  })

  it('live also when many log in at once', async () => {
    const first = await users.register({ login: 'crowd' })
    clock.advance({ seconds: 1 })
    const many = { free: 100, firstDelayMs: 1, maxDelayMs: 1 }
    const attempts = {
      ...settings.attempts,
      logIn: { account: many, address: many, perMinute: 1_000 },
    }
    const open = await startUsers(postgres, { now: clock.now, attempts })
    await Promise.all(Array.from({ length: 60 }, () => open.logIn('crowd')))
    expect((await page(viewerOf(first))).totalCount).toBe(50)
    expect(await users.tryRefresh(first.refreshToken)).toBeNull()
  })
})

describe('log out', () => {
  it('ends the session that asks and no other, at once', async () => {
    const session = await users.register({ login: 'leaver' })
    const other = await users.logIn('leaver')
    const logOut = () => users.run('mutation { logOut }', {}, viewerOf(session))
    expect(expectData(await logOut())).toEqual({ logOut: true })
    expect(await refused(viewerOf(session))).toBe(true)
    expect(await users.tryRefresh(session.refreshToken)).toBeNull()
    expect(await users.tryRefresh(other.refreshToken)).not.toBeNull()
    expect(expectData(await logOut())).toEqual({ logOut: false })
  })

  it('of somebody who is not logged in does nothing', async () => {
    expect(expectData(await users.run('mutation { logOut }', {}))).toEqual({ logOut: false })
  })

  it('everywhere ends all sessions, and access tokens are of the next generation', async () => {
    const session = await users.register({ login: 'everywhere' })
    const others = await logInAgain('everywhere', 2)
    const answer = await users.run('mutation { endAllSessions }', {}, viewerOf(session))
    expect(expectData(answer)).toEqual({ endAllSessions: 3 })
    for (const { refreshToken } of [session, ...others]) {
      expect(await users.tryRefresh(refreshToken)).toBeNull()
    }
    const userId = session.user.id
    const revoked = await postgres.prisma.revocation.findMany({ where: { userId } })
    expect(revoked).toMatchObject([{ generation: 1 }])
    const row = await postgres.prisma.user.findUniqueOrThrow({ where: { id: userId } })
    expect(row.tokenGeneration).toBe(1)
  })

  it('of all others leaves the session that asks', async () => {
    const session = await users.register({ login: 'keeper' })
    const others = await logInAgain('keeper', 2)
    const answer = await users.run('mutation { endOtherSessions }', {}, viewerOf(session))
    expect(expectData(answer)).toEqual({ endOtherSessions: 2 })
    for (const other of others) {
      expect(await users.tryRefresh(other.refreshToken)).toBeNull()
      expect(await refused(viewerOf(other))).toBe(true)
    }
    expect(await refused(viewerOf(session))).toBe(false)
    expect(await users.tryRefresh(session.refreshToken)).not.toBeNull()
  })
})

describe('ending one session', () => {
  it('is for its owner, once', async () => {
    const session = await users.register({ login: 'owner' })
    const [other] = await logInAgain('owner', 1)
    const { sessionId } = viewerOf(other!)
    const answer = await endOne(viewerOf(session), sessionId.toUpperCase())
    expect(expectData(answer)).toEqual({ endSession: sessionId })
    expect(await refused(viewerOf(other!))).toBe(true)
    const again = expectError(await endOne(viewerOf(session), sessionId))
    expect(again.extensions).toMatchObject({ code: 'NOT_FOUND', argument: ['id'] })
  })

  it('is refused for somebody else’s, whatever the permissions, and for what is no id', async () => {
    const session = await users.register({ login: 'mine' })
    const { sessionId } = viewerOf(session)
    const stranger = asUser({ permissions: ['users:read', 'users:write'] })
    for (const id of [sessionId, 'x', '']) {
      const { extensions } = expectError(await endOne(stranger, id))
      expect(extensions).toMatchObject({ code: 'NOT_FOUND', argument: ['id'] })
    }
    expect(await refused(viewerOf(session))).toBe(false)
    expect(await users.tryRefresh(session.refreshToken)).not.toBeNull()
  })
})

describe('the sessions of somebody else', () => {
  const END = 'mutation ($id: ID!) { endUserSessions(id: $id) }'
  const admin = asUser({ permissions: ['users:write'] })

  it('are ended by who may change accounts', async () => {
    const session = await users.register({ login: 'suspect' })
    const answer = await users.run(END, { id: session.user.id }, admin)
    expect(expectData(answer)).toEqual({ endUserSessions: 1 })
    expect(await users.tryRefresh(session.refreshToken)).toBeNull()
  })

  it.each([
    ['nobody', ANONYMOUS, 'UNAUTHENTICATED'],
    ['who may only read', asUser({ permissions: ['users:read'] }), 'FORBIDDEN'],
  ])('are not ended by %s', async (_, viewer, code) => {
    const session = await users.logIn('suspect')
    const error = expectError(await users.run(END, { id: session.user.id }, viewer))
    expect(error.extensions.code).toBe(code)
    expect(await users.tryRefresh(session.refreshToken)).not.toBeNull()
  })

  it.each(['7d7a1f7e-3c0f-4a52-9f0e-6f0f3a1f2b11', 'x'])(
    'are NOT_FOUND without an account: %s',
    async (id) => {
      const { extensions } = expectError(await users.run(END, { id }, admin))
      expect(extensions).toMatchObject({ code: 'NOT_FOUND', argument: ['id'] })
    },
  )
})

it.each([
  ['mutation { endOtherSessions }', {}],
  ['mutation { endAllSessions }', {}],
  [END_ONE, { id: asUser().id }],
])('%s is for people who are logged in', async (query, variables) => {
  const { extensions } = expectError(await users.run(query, variables))
  expect(extensions.code).toBe('UNAUTHENTICATED')
})
