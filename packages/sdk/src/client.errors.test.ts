import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { caught } from '../test/caught.js'
import {
  failure,
  type FakeServer,
  type Reply,
  type Respond,
  startFakeServer,
} from '../test/fake-server.js'
import {
  createCinegraphClient,
  EndOtherSessionsDocument,
  FilmPageDocument,
  MeDocument,
} from './index.js'

let server: FakeServer
let respond: Respond

beforeEach(async () => {
  server = await startFakeServer((request) => respond(request))
})
afterEach(() => server.stop())

const connect = () => createCinegraphClient({ url: server.url, persistedDocuments: false })

describe('an error', () => {
  it('has a code, the argument, the time to wait and the request id', async () => {
    respond = () => failure('RATE_LIMITED', { argument: ['input', 'login'], retryAfterSeconds: 30 })
    const error = await caught(connect().logIn('ann', 'secret'))
    expect(error).toMatchObject({
      code: 'RATE_LIMITED',
      message: 'RATE_LIMITED!',
      argument: ['input', 'login'],
      retryAfterSeconds: 30,
      requestId: 'request-1',
      retryable: true,
      data: undefined,
    })
  })

  it('names everything that is wrong with the arguments', async () => {
    const problems = [
      { argument: ['input', 'login'], message: 'must have at least 3 characters' },
      { argument: ['input', 'email'], message: 'is not an email address' },
    ]
    respond = () => failure('BAD_USER_INPUT', { argument: problems[0]!.argument, problems })
    const error = await caught(connect().logIn('ann', 'secret'))
    expect(error).toMatchObject({ problems: [{ arguments: problems }] })
  })

  it('holds what was answered all the same, and every problem', async () => {
    const code = 'SERVICE_UNAVAILABLE'
    respond = () => ({
      body: {
        data: { film: { title: 'Metropolis', credits: null } },
        errors: [{ message: 'down', path: ['film', 'credits'], extensions: { code } }],
      },
    })
    const error = await caught(connect().request(FilmPageDocument, { id: '1', language: 'EN' }))
    expect(error.data).toEqual({ film: { title: 'Metropolis', credits: null } })
    expect(error.problems).toEqual([{ code, message: 'down', path: ['film', 'credits'] }])
  })

  it.each([
    ['an unknown code', { ...failure('BRAND_NEW') }, 'UNKNOWN', false],
    ['an error status', { ...failure('BAD_USER_INPUT'), status: 400 }, 'BAD_USER_INPUT', false],
    ["a proxy's page", { status: 502, body: '<h1>Bad gateway</h1>' }, 'SERVICE_UNAVAILABLE', true],
    ["a proxy's refusal", { status: 429, body: 'slow down' }, 'RATE_LIMITED', true],
    ['no GraphQL answer', { body: '<h1>Welcome</h1>' }, 'UNKNOWN', false],
  ])('is understood for %s', async (_name, ...[reply, code, retryable]) => {
    respond = () => reply
    expect(await caught(connect().request(MeDocument))).toMatchObject({ code, retryable })
  })

  it('never holds what was sent, which may be a password', async () => {
    respond = () => failure('UNAUTHENTICATED')
    const error = await caught(connect().logIn('ann', 'hunter2'))
    const { inspect } = await import('node:util')
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2')
  })

  describe('on the way', () => {
    const page = { status: 502, body: '<h1>Bad gateway</h1>' }
    const me = { body: { data: { me: null } } }
    /** Answers one after the other, the last one from then on. */
    const inTurn = (...replies: [Reply, ...Reply[]]): Respond => {
      return () => (replies.length > 1 ? replies.shift()! : replies[0])
    }

    it.each([
      ['a connection that breaks', { ...me, torn: true }],
      ["a proxy's page", page],
      ['a server that is not ready', { ...failure('SERVICE_UNAVAILABLE'), status: 503 }],
    ])('costs a query nothing: %s', async (_, fault) => {
      respond = inTurn(fault, me)
      expect(await connect().request(MeDocument)).toEqual({ me: null })
      expect(server.operations()).toEqual(['Me', 'Me'])
    })

    it('is met twice with patience, and no more', async () => {
      respond = inTurn(page)
      expect(await caught(connect().request(MeDocument))).toMatchObject({ retryable: true })
      expect(server.operations()).toEqual(['Me', 'Me'])
    })

    it.each([
      ['a connection that breaks', { ...me, torn: true }],
      ["a proxy's page", page],
    ])('fails a mutation, which may have happened: %s', async (_, fault) => {
      respond = inTurn(fault, me)
      expect(await caught(connect().request(EndOtherSessionsDocument))).toMatchObject({
        retryable: true,
      })
      expect(server.operations()).toEqual(['EndOtherSessions'])
    })

    it('does not hurry a query that is told to wait', async () => {
      respond = inTurn(failure('SERVICE_UNAVAILABLE', { retryAfterSeconds: 30 }), me)
      await caught(connect().request(MeDocument))
      expect(server.operations()).toEqual(['Me'])
    })
  })

  it('says when nothing answers', async () => {
    const client = connect()
    await server.stop()
    expect(await caught(client.request(MeDocument))).toMatchObject({
      code: 'NETWORK_ERROR',
      retryable: true,
    })
    server = await startFakeServer((request) => respond(request))
  })
})
