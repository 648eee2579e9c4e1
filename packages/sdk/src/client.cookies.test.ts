import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  failure,
  type FakeServer,
  type Reply,
  type Respond,
  startFakeServer,
} from '../test/fake-server.js'
import {
  type CinegraphClientOptions,
  createCinegraphClient,
  MeDocument,
  memoryStorage,
} from './index.js'

const account = { id: 'u1', login: 'ann', email: null, firstName: null, lastName: null, roles: [] }

let server: FakeServer
/** Which access token the server accepts. */
let valid: string
let issued: number
const cookies = new Map<string, string>()
const sent: RequestInit[] = []

beforeEach(async () => {
  valid = ''
  issued = 0
  cookies.clear()
  sent.length = 0
  server = await startFakeServer(respond)
})
afterEach(() => server.stop())

/** Keeps cookies as a browser does. */
const browserFetch: typeof fetch = async (url, init = {}) => {
  sent.push(init)
  const headers = new Headers(init.headers)
  headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
  const answer = await fetch(url, { ...init, headers })
  for (const cookie of answer.headers.getSetCookie()) {
    const [name = '', value = ''] = cookie.split(/[=;]/)
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
  return answer
}

const withSession = (field: string): Reply => {
  issued += 1
  valid = `access-${issued}`
  const expiresAt = new Date(Date.now() + 600_000).toISOString()
  const tokens = { accessToken: null, refreshToken: null }
  const session = { ...tokens, accessTokenExpiresAt: expiresAt, refreshTokenExpiresAt: expiresAt }
  return {
    body: { data: { [field]: { ...session, user: account } } },
    headers: { 'set-cookie': `access=${valid}` },
  }
}

/** Behaves as the gateway and users do for a browser; the refresh token is taken for granted. */
const respond: Respond = ({ operationName, headers, variables }) => {
  if (operationName === 'LogIn' || operationName === 'RefreshSession') {
    expect(variables).toMatchObject({ delivery: 'COOKIE' })
    expect(variables['refreshToken']).toBeUndefined()
    return withSession(operationName === 'LogIn' ? 'logIn' : 'refreshSession')
  }
  const access = /access=([^;]+)/.exec(headers.cookie ?? '')?.[1]
  if (access !== undefined && access !== valid) {
    return { ...failure('UNAUTHENTICATED'), status: 401, headers: { 'set-cookie': 'access=' } }
  }
  if (operationName === 'LogOut') {
    valid = ''
    return { body: { data: { logOut: true } }, headers: { 'set-cookie': 'access=' } }
  }
  return { body: { data: { me: access === undefined ? null : account } } }
}

const connect = (options: Partial<CinegraphClientOptions> = {}) =>
  createCinegraphClient({
    url: server.url,
    tokens: 'cookies',
    fetch: browserFetch,
    persistedDocuments: false,
    ...options,
  })

describe('tokens in cookies', () => {
  it('are never in the storage, and travel by themselves', async () => {
    const storage = memoryStorage()
    const client = connect({ storage })
    await client.logIn('ann', 'secret')
    expect(await client.request(MeDocument)).toEqual({ me: account })
    expect(await storage.load()).toMatchObject({ tokens: null })
    expect(sent.map((it) => it.credentials)).toEqual(['include', 'include'])
    expect(server.received.map((it) => it.headers.authorization)).toEqual([undefined, undefined])
  })

  it('are refreshed when the server refuses them', async () => {
    const client = connect()
    await client.logIn('ann', 'secret')
    valid = 'nothing'
    expect(await client.request(MeDocument)).toEqual({ me: account })
    expect(server.operations()).toEqual(['LogIn', 'Me', 'RefreshSession', 'Me'])
  })

  it('outlive the page', async () => {
    await connect().logIn('ann', 'secret')
    valid = 'nothing'
    expect(await connect().request(MeDocument)).toEqual({ me: account })
  })

  it('go when somebody logs out, also on another page', async () => {
    await connect().logIn('ann', 'secret')
    await connect().logOut()
    expect(server.operations()).toEqual(['LogIn', 'LogOut'])
    expect([valid, cookies.size]).toEqual(['', 0])
  })

  it('go when somebody logs out on a page that finds the access token refused', async () => {
    await connect().logIn('ann', 'secret')
    valid = 'nothing'
    await connect().logOut()
    expect(server.operations()).toEqual(['LogIn', 'LogOut', 'RefreshSession', 'LogOut'])
    expect([valid, cookies.size]).toEqual(['', 0])
  })
})
