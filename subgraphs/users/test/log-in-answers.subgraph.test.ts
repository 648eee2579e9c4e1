import type { Viewer } from '@cinegraph/kit/identity'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectData } from '@cinegraph/testkit/execute'
import { beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, startUsers, viewerOf } from './start-users.js'

let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  users = await startUsers(await openTestPostgres())
})

interface Person {
  email: string | null
  sessions: { edges: { node: { id: string; current: boolean } }[] } | null
  loginHistory: { edges: { node: { method: string } }[] } | null
  socialAccounts: unknown[] | null
}

const PERSON = `email sessions { edges { node { id current } } }
  loginHistory { edges { node { method } } } socialAccounts { provider }`
const LOG_IN = (login: string) =>
  `logIn(input: { login: "${login}", password: "${PASSWORD}" }) { user { ${PERSON} } }`

const run = async <T>(query: string, viewer?: Viewer) =>
  expectData(await users.run<T>(query, {}, viewer))
const register = (login: string) => users.register({ login, email: `${login}@example.org` })

const sessionsOf = ({ sessions }: Person) => sessions?.edges.map(({ node }) => node)
const methodsOf = ({ loginHistory }: Person) => loginHistory?.edges.map(({ node }) => node.method)

describe('whoever logs in sees what is private', () => {
  it('in the answer to register', async () => {
    const input = `{ login: "new", password: "${PASSWORD}", email: "new@example.org" }`
    const { register: answer } = await run<{ register: { user: Person } }>(
      `mutation { register(input: ${input}) { ... on Session { user { ${PERSON} } } } }`,
    )
    expect(answer.user).toEqual({
      email: 'new@example.org',
      sessions: { edges: [{ node: { id: expect.any(String) as string, current: true } }] },
      loginHistory: { edges: [{ node: { method: 'REGISTRATION' } }] },
      socialAccounts: [],
    })
  })

  it('in the answer to logIn, where the session that it opens is the current one', async () => {
    const before = viewerOf(await register('again'))
    const { logIn } = await run<{ logIn: { user: Person } }>(`mutation { ${LOG_IN('again')} }`)
    expect(logIn.user).toMatchObject({ email: 'again@example.org', socialAccounts: [] })
    expect(methodsOf(logIn.user)).toEqual(['PASSWORD', 'REGISTRATION'])
    const sessions = sessionsOf(logIn.user)
    expect(sessions).toHaveLength(2)
    expect(sessions).toContainEqual({ id: before.sessionId, current: false })
    expect(sessions?.filter(({ current }) => current)).toHaveLength(1)
  })

  it('in the answer to refreshSession', async () => {
    const session = await register('refreshed')
    const { refreshSession } = await run<{ refreshSession: { user: Person } }>(
      `mutation { refreshSession(refreshToken: "${session.refreshToken}") { user { ${PERSON} } } }`,
    )
    const { sessionId: id } = viewerOf(session)
    expect(sessionsOf(refreshSession.user)).toEqual([{ id, current: true }])
    expect(methodsOf(refreshSession.user)).toEqual(['REGISTRATION'])
  })
})

describe('of several who log in with one request', () => {
  it('each sees what is their own', async () => {
    await register('first')
    await register('second')
    const answer = await run<Record<'first' | 'second', { user: Person }>>(
      `mutation { first: ${LOG_IN('first')} second: ${LOG_IN('second')} }`,
    )
    for (const login of ['first', 'second'] as const) {
      expect(answer[login].user.email).toBe(`${login}@example.org`)
      expect(methodsOf(answer[login].user)).toEqual(['PASSWORD', 'REGISTRATION'])
    }
    const ids = Object.values(answer).flatMap(({ user }) => sessionsOf(user)?.map(({ id }) => id))
    expect(new Set(ids).size).toBe(4)
  })

  it('the same person sees each time what is so by then', async () => {
    await register('twice')
    const { one, two } = await run<Record<'one' | 'two', { user: Person }>>(
      `mutation { one: ${LOG_IN('twice')} two: ${LOG_IN('twice')} }`,
    )
    expect(sessionsOf(one.user)).toHaveLength(2)
    expect(sessionsOf(two.user)).toHaveLength(3)
    const current = [one, two].map(({ user }) => sessionsOf(user)?.find((it) => it.current)?.id)
    expect(new Set(current).size).toBe(2)
  })
})

describe('nobody else sees it', () => {
  const ENTITY = (id: string) =>
    `{ _entities(representations: [{ __typename: "User", id: "${id}" }]) { ... on User { ${PERSON} } } }`
  const NOTHING = { email: null, sessions: null, loginHistory: null, socialAccounts: null }

  it('before or after', async () => {
    const { user } = await register('seen')
    await run(`mutation { ${LOG_IN('seen')} }`)
    expect(await run(ENTITY(user.id))).toEqual({ _entities: [NOTHING] })
  })

  it('and who asked stays who asks', async () => {
    const host = await register('host')
    await register('guest')
    const answer = await run<{ logIn: { user: Person }; updateProfile: Person }>(
      `mutation { ${LOG_IN('guest')} updateProfile(input: { firstName: "Host" }) { ${PERSON} } }`,
      viewerOf(host),
    )
    expect(answer.logIn.user.email).toBe('guest@example.org')
    expect(sessionsOf(answer.logIn.user)).toHaveLength(2)
    expect(answer.updateProfile.email).toBe('host@example.org')
    const id = viewerOf(host).sessionId
    expect(sessionsOf(answer.updateProfile)).toEqual([{ id, current: true }])
  })
})
