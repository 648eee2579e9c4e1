import { openTestPostgres } from '@cinegraph/testkit/database'
import { execute, type ExecuteResult, expectData, expectError } from '@cinegraph/testkit/execute'
import { parseSetCookie, stringifyCookie } from 'cookie'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { createClock, PASSWORD, type SessionData, startUsers, viewerOf } from './start-users.js'

const ACCESS = '__Host-cinegraph-access'
const REFRESH = '__Host-cinegraph-refresh'
const clock = createClock()
let users: Awaited<ReturnType<typeof startUsers>>

beforeAll(async () => {
  users = await startUsers(await openTestPostgres(), { now: clock.now })
})

type Delivered = Omit<SessionData, 'accessToken' | 'refreshToken'> & {
  accessToken: string | null
  refreshToken: string | null
}

const SESSION = 'accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt user { id }'
const REGISTER = `mutation ($login: String!, $password: String!) {
  session: register(input: { login: $login, password: $password }, delivery: COOKIE) {
    ... on Session { ${SESSION} } ... on LoginTaken { login } } }`
const LOG_IN = `mutation ($login: String!, $password: String!) {
  session: logIn(input: { login: $login, password: $password }, delivery: COOKIE) { ${SESSION} } }`
const refresh = (args: string) => `mutation { session: refreshSession(${args}) { ${SESSION} } }`

const ask = (query: string, jar: Record<string, string | undefined> = {}, login = 'x') =>
  execute<{ session: Delivered }>(users.subgraph, {
    query,
    variables: query.includes('$login') ? { login, password: PASSWORD } : {},
    headers: { cookie: stringifyCookie(jar) },
  })

const cookiesOf = ({ setCookie }: ExecuteResult<unknown>) =>
  setCookie.map((it) => parseSetCookie(it))
const jarOf = (answer: ExecuteResult<unknown>) =>
  Object.fromEntries(cookiesOf(answer).map(({ name, value }) => [name, value]))

/** A browser in which somebody has just registered. */
const open = async (login: string) => {
  const answer = await ask(REGISTER, {}, login)
  const { session } = expectData(answer)
  const jar = jarOf(answer)
  return {
    session,
    jar,
    viewer: viewerOf({ ...session, accessToken: String(jar[ACCESS]) } as SessionData),
  }
}

const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' }

describe('tokens as cookies', () => {
  it.each([
    ['register', REGISTER],
    ['logIn', LOG_IN],
  ])(
    'leave %s as cookies that live as long as the session, and not in the body',
    async (_, query) => {
      const answer = await ask(query, {}, 'vigo')
      const { session } = expectData(answer)
      expect(session).toMatchObject({ accessToken: null, refreshToken: null })
      const [access, refreshing] = cookiesOf(answer)
      expect(access).toEqual({
        name: ACCESS,
        value: expect.any(String) as string,
        maxAge: 30 * 86_400,
        ...ATTRIBUTES,
      })
      expect(decodeJwt(access!.value!).sub).toBe(session.user.id)
      expect(refreshing).toEqual({
        name: REFRESH,
        value: expect.stringMatching(/^[\w-]{43}$/) as string,
        maxAge: 30 * 86_400,
        ...ATTRIBUTES,
      })
      expect(answer.body).not.toContain(refreshing!.value)
    },
  )

  it('are not set when nobody is logged in', async () => {
    await open('taken')
    const answer = await ask(REGISTER, {}, 'taken')
    expect(expectData(answer).session).toEqual({ login: 'taken' })
    expect(answer.setCookie).toEqual([])
  })

  it('are refreshed from the cookie into the next ones', async () => {
    const { jar, session } = await open('clair')
    const answer = await ask(refresh('delivery: COOKIE'), jar)
    expect(expectData(answer).session).toMatchObject({
      accessToken: null,
      refreshToken: null,
      user: session.user,
    })
    const next = jarOf(answer)
    expect(Object.keys(next)).toEqual([ACCESS, REFRESH])
    expect(next[REFRESH]).not.toBe(jar[REFRESH])
    expectData(await ask(refresh('delivery: COOKIE'), next))
  })

  it('never leave a cookie for the body', async () => {
    const { jar } = await open('renoir')
    for (const args of ['delivery: BODY', 'refreshToken: null']) {
      const answer = await ask(refresh(args), jar)
      expect(expectError(answer).extensions.code).toBe('BAD_USER_INPUT')
      expect(answer.setCookie).toEqual([])
    }
  })

  it('can be begun with a token of the body', async () => {
    const { refreshToken } = await users.register({ login: 'carne' })
    const answer = await ask(refresh(`refreshToken: "${refreshToken}", delivery: COOKIE`))
    expect(expectData(answer).session).toMatchObject({ accessToken: null, refreshToken: null })
    expect(Object.keys(jarOf(answer))).toEqual([ACCESS, REFRESH])
  })

  it('are what the setting says towards other sites', async () => {
    const lax = await startUsers(await openTestPostgres(), { sessionCookieSameSite: 'lax' })
    const variables = { login: 'ophuls', password: PASSWORD }
    const answer = await execute(lax.subgraph, { query: REGISTER, variables })
    expect(cookiesOf(answer)).toMatchObject([{ sameSite: 'lax' }, { sameSite: 'lax' }])
  })
})

const CLEARED = [ACCESS, REFRESH].map((name) => ({ name, value: '', maxAge: 0, ...ATTRIBUTES }))

describe('logging out with cookies', () => {
  it.each(['logOut', 'endAllSessions'])(
    '%s ends the session and deletes them',
    async (mutation) => {
      const { jar, viewer } = await open(mutation)
      const answer = await execute(users.subgraph, {
        query: `mutation { ${mutation} }`,
        as: viewer,
      })
      expectData(answer)
      expect(cookiesOf(answer)).toEqual(CLEARED)
      expectError(await ask(refresh('delivery: COOKIE'), jar))
    },
  )

  it('works with the refresh token alone: the access token may have expired', async () => {
    const { jar } = await open('expired')
    const answer = await ask('mutation { logOut }', { [REFRESH]: jar[REFRESH] })
    expect(expectData(answer)).toEqual({ logOut: true })
    expect(cookiesOf(answer)).toEqual(CLEARED)
    expectError(await ask(refresh('delivery: COOKIE'), jar))
  })

  it('deletes them also when no session was there any more', async () => {
    const answer = await ask('mutation { logOut }', { [REFRESH]: 'of long ago' })
    expect(expectData(answer)).toEqual({ logOut: false })
    expect(cookiesOf(answer)).toEqual(CLEARED)
  })
})
