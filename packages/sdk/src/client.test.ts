import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { caught } from '../test/caught.js'
import {
  failure,
  type FakeServer,
  type Received,
  type Respond,
  startFakeServer,
} from '../test/fake-server.js'
import {
  type CinegraphClientOptions,
  createCinegraphClient,
  FilmPageDocument,
  type FilmPageQuery,
  MeDocument,
  memoryStorage,
  type StoredSession,
  webStorage,
} from './index.js'

const account = { id: 'u1', login: 'ann', email: null, firstName: null, lastName: null, roles: [] }
const START = Date.parse('2026-01-01T00:00:00Z')
const TEN_MINUTES = 600_000

let server: FakeServer
let respond: Respond
let now: number
/** Which access token the server accepts. */
let valid: string
let issued: number

beforeEach(async () => {
  now = START
  valid = ''
  issued = 0
  respond = scripted
  server = await startFakeServer((request) => respond(request))
})
afterEach(() => server.stop())

function newSession(lifetimeMs = TEN_MINUTES) {
  issued += 1
  valid = `access-${issued}`
  return {
    __typename: 'Session',
    accessToken: valid,
    accessTokenExpiresAt: new Date(now + lifetimeMs).toISOString(),
    refreshToken: `refresh-${issued}`,
    refreshTokenExpiresAt: new Date(now + 100 * TEN_MINUTES).toISOString(),
    user: account,
  }
}

/** Behaves as the gateway does: a token it does not accept ends the whole request. */
function scripted({ operationName, headers, variables }: Received) {
  const { authorization } = headers
  if (authorization !== undefined && authorization !== `Bearer ${valid}`) {
    return { ...failure('UNAUTHENTICATED'), status: 401 }
  }
  switch (operationName) {
    case 'LogIn':
      return { body: { data: { logIn: newSession() } } }
    case 'Register':
      return { body: { data: { register: newSession() } } }
    case 'LogOut':
      valid = ''
      return { body: { data: { logOut: true } } }
    case 'RefreshSession':
      return variables['refreshToken'] === `refresh-${issued}`
        ? { body: { data: { refreshSession: newSession() } } }
        : failure('UNAUTHENTICATED')
    default:
      return { body: { data: { me: authorization === undefined ? null : account } } }
  }
}

const connect = (options: Partial<CinegraphClientOptions> = {}) =>
  createCinegraphClient({
    url: server.url,
    persistedDocuments: false,
    now: () => now,
    ...options,
  })

describe('a request', () => {
  it('is typed by its document', async () => {
    respond = () => ({ body: { data: { film: { title: 'Metropolis' } } } })
    const client = connect()
    const answer = await client.request(FilmPageDocument, { slug: 'metropolis', language: 'EN' })
    expectTypeOf(answer).toEqualTypeOf<FilmPageQuery>()
    expect(answer.film?.title).toBe('Metropolis')
    expect(server.received).toMatchObject([
      { operationName: 'FilmPage', variables: { slug: 'metropolis', language: 'EN' } },
    ])
  })

  it('needs its variables', () => {
    const client = connect()
    // @ts-expect-error language is required
    const wrong = () => client.request(FilmPageDocument, { slug: 'metropolis' })
    // @ts-expect-error there are required variables
    const none = () => client.request(FilmPageDocument)
    expect([wrong, none]).toHaveLength(2)
  })

  it('is anonymous until somebody logs in', async () => {
    const client = connect()
    expect(await client.request(MeDocument)).toEqual({ me: null })
    expect(await client.logIn('ann', 'secret')).toEqual(account)
    expect(await client.request(MeDocument)).toEqual({ me: account })
    expect(server.received.map((it) => it.headers.authorization)).toEqual([
      undefined,
      undefined,
      'Bearer access-1',
    ])
  })

  it('can be given up', async () => {
    const controller = new AbortController()
    respond = () => {
      controller.abort()
      return new Promise(() => {})
    }
    const asked = connect().request(MeDocument, {}, { signal: controller.signal })
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('registering', () => {
  const input = { login: 'ann', password: 'correct horse' }

  it('logs the new account in', async () => {
    const client = connect()
    expect(await client.register(input)).toEqual({ outcome: 'registered', account })
    expect(await client.request(MeDocument)).toEqual({ me: account })
  })

  it.each([
    [{ __typename: 'LoginTaken', login: 'ann' }, { outcome: 'login-taken' }],
    [
      { __typename: 'WeakPassword', reason: 'COMMON' },
      { outcome: 'weak-password', reason: 'COMMON' },
    ],
  ])('tells why there is no account: %j', async (register, outcome) => {
    respond = () => ({ body: { data: { register } } })
    expect(await connect().register(input)).toEqual(outcome)
  })
})

describe('the session', () => {
  it('is refreshed shortly before the access token expires, once for requests at the same time', async () => {
    const client = connect()
    await client.logIn('ann', 'secret')
    now += TEN_MINUTES - 30_000
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => client.request(MeDocument)))
    expect(answers).toEqual(Array(5).fill({ me: account }))
    expect(server.operations().filter((it) => it === 'RefreshSession')).toHaveLength(1)
    await client.request(MeDocument)
    expect(server.operations().filter((it) => it === 'RefreshSession')).toHaveLength(1)
  })

  it('is left alone before that', async () => {
    const client = connect()
    await client.logIn('ann', 'secret')
    now += TEN_MINUTES - 30_001
    await client.request(MeDocument)
    expect(server.operations()).toEqual(['LogIn', 'Me'])
  })

  it('is refreshed when the server refuses the token, and each request is repeated once', async () => {
    const client = connect()
    await client.logIn('ann', 'secret')
    valid = 'nothing'
    const answers = await Promise.all([1, 2, 3].map(() => client.request(MeDocument)))
    expect(answers).toEqual(Array(3).fill({ me: account }))
    expect(server.operations().filter((it) => it === 'RefreshSession')).toHaveLength(1)
    expect(server.operations().filter((it) => it === 'Me')).toHaveLength(6)
  })

  it('is refreshed once only for a request that is refused again', async () => {
    const client = connect()
    await client.logIn('ann', 'secret')
    respond = (request) =>
      request.operationName === 'Me' ? failure('UNAUTHENTICATED') : scripted(request)
    valid = 'nothing'
    expect((await caught(client.request(MeDocument))).code).toBe('UNAUTHENTICATED')
    expect(server.operations()).toEqual(['LogIn', 'Me', 'RefreshSession', 'Me'])
  })

  it('is not repeated when a part of the answer came', async () => {
    const client = connect()
    await client.logIn('ann', 'secret')
    respond = () => ({
      body: { ...(failure('UNAUTHENTICATED').body as object), data: { me: account } },
    })
    expect((await caught(client.request(MeDocument))).data).toEqual({ me: account })
    expect(server.operations()).toEqual(['LogIn', 'Me'])
  })

  it('that has ended is forgotten, told once, and requests go on without it', async () => {
    let told = 0
    const client = connect({ onSignedOut: () => (told += 1) })
    await client.logIn('ann', 'secret')
    issued = 99
    valid = 'nothing'
    const errors = await Promise.all([1, 2].map(() => caught(client.request(MeDocument))))
    expect(errors.map((it) => it.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
    expect(told).toBe(1)
    expect(await client.request(MeDocument)).toEqual({ me: null })
  })

  it('survives a refresh that is not answered', async () => {
    let told = 0
    const client = connect({ onSignedOut: () => (told += 1) })
    await client.logIn('ann', 'secret')
    now += TEN_MINUTES - 1
    respond = (request) =>
      request.operationName === 'RefreshSession' ? { status: 503, body: 'down' } : scripted(request)
    expect(await client.request(MeDocument)).toEqual({ me: account })
    expect(told).toBe(0)
  })

  it('waits for the server when the clock of the device is wrong', async () => {
    const client = connect()
    respond = (request) =>
      request.operationName === 'LogIn'
        ? { body: { data: { logIn: newSession(-TEN_MINUTES) } } }
        : scripted(request)
    await client.logIn('ann', 'secret')
    await client.request(MeDocument)
    await client.request(MeDocument)
    expect(server.operations()).toEqual(['LogIn', 'Me', 'Me'])
  })

  it('may be shared by clients, of which one refreshes for all', async () => {
    const storage = memoryStorage()
    const [one, other] = [connect({ storage }), connect({ storage })]
    await one.logIn('ann', 'secret')
    valid = 'nothing'
    await one.request(MeDocument)
    expect(await other.request(MeDocument)).toEqual({ me: account })
    expect(server.operations()).toEqual(['LogIn', 'Me', 'RefreshSession', 'Me', 'Me'])
  })

  it('of someone who logs in during a refresh is not overwritten by its answer', async () => {
    const storage = memoryStorage()
    const client = connect({ storage })
    await client.logIn('ann', 'secret')
    const tokens = { access: 'later', refresh: 'later' }
    const later: StoredSession = { id: 'later', tokens, renewAt: null }
    respond = async (request) => {
      if (request.operationName !== 'RefreshSession') return scripted(request)
      await storage.save(later)
      return failure('UNAUTHENTICATED')
    }
    valid = 'later'
    expect(await client.request(MeDocument)).toEqual({ me: account })
    expect(await storage.load()).toEqual(later)
  })
})

describe('logging out', () => {
  it('ends the session on the server and forgets it', async () => {
    const client = connect()
    await client.logIn('ann', 'secret')
    await client.logOut()
    expect(await client.request(MeDocument)).toEqual({ me: null })
    expect(server.received.map((it) => it.headers.authorization)).toEqual([
      undefined,
      'Bearer access-1',
      undefined,
    ])
  })

  it('asks nobody when nobody is logged in', async () => {
    await connect().logOut()
    expect(server.received).toEqual([])
  })

  it.each([
    ['has expired', () => void (now += 2 * TEN_MINUTES)],
    ['is refused for another reason', () => {}],
  ])('ends the session also when the access token %s', async (_, meanwhile) => {
    const client = connect()
    await client.logIn('ann', 'secret')
    valid = 'nothing'
    meanwhile()
    await client.logOut()
    expect(server.operations()).toEqual(['LogIn', 'LogOut', 'RefreshSession', 'LogOut'])
    expect(server.received.at(-1)!.headers.authorization).toBe('Bearer access-2')
    expect(valid).toBe('')
    expect(await client.request(MeDocument)).toEqual({ me: null })
  })

  it('is done when the session has ended already', async () => {
    let told = 0
    const client = connect({ onSignedOut: () => (told += 1) })
    await client.logIn('ann', 'secret')
    issued = 99
    valid = 'nothing'
    await expect(client.logOut()).resolves.toBeUndefined()
    expect(server.operations()).toEqual(['LogIn', 'LogOut', 'RefreshSession'])
    expect(told).toBe(0)
  })

  it('says when it cannot be told whether the session lives', async () => {
    const storage = memoryStorage()
    const client = connect({ storage })
    await client.logIn('ann', 'secret')
    valid = 'nothing'
    respond = (request) =>
      request.operationName === 'RefreshSession' ? { status: 503, body: 'down' } : scripted(request)
    expect((await caught(client.logOut())).code).toBe('SERVICE_UNAVAILABLE')
    expect(storage.load()).toBeUndefined()
  })

  it('leaves alone who logs in meanwhile', async () => {
    const client = connect()
    await client.logIn('ann', 'secret')
    respond = async (request) => {
      if (request.operationName !== 'LogOut') return scripted(request)
      const answer = scripted(request)
      await client.logIn('bob', 'secret')
      return answer
    }
    await client.logOut()
    expect(await client.request(MeDocument)).toEqual({ me: account })
  })

  it('forgets the session also when the server cannot be told, and says so', async () => {
    const storage = memoryStorage()
    const client = connect({ storage })
    await client.logIn('ann', 'secret')
    respond = () => ({ status: 503, body: 'down' })
    expect((await caught(client.logOut())).code).toBe('SERVICE_UNAVAILABLE')
    expect(storage.load()).toBeUndefined()
  })
})

it('keeps the session in web storage, and takes what it cannot read as none', () => {
  const items = new Map<string, string>()
  const storage = webStorage({
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  })
  const session = { id: '1', tokens: { access: 'a', refresh: 'r' }, renewAt: 1 }
  expect(storage.load()).toBeUndefined()
  void storage.save(session)
  expect(storage.load()).toEqual(session)
  void storage.save(undefined)
  expect(items.size).toBe(0)
  items.set('cinegraph.session', '{broken')
  expect(storage.load()).toBeUndefined()
})
