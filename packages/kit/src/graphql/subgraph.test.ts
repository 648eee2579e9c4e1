import { GraphQLError } from 'graphql'
import { exportJWK, generateKeyPair } from 'jose'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { collectLog } from '../../test/collect-log.js'
import { ToyResolver, toyReference, type ToyShop } from '../../test/toy-subgraph.js'
import { AppError, DependencyError } from '../errors.js'
import {
  ANONYMOUS,
  createViewerSigner,
  createViewerVerifier,
  type SignViewer,
  type VerifyViewer,
  type Viewer,
} from '../identity.js'
import { createService } from '../lifecycle.js'
import { createMetrics } from '../metrics.js'
import { createSubgraph, type RequestContext, serveSubgraph, type Subgraph } from './subgraph.js'

const ann: Viewer = { kind: 'user', id: 'ann', sessionId: 's1', roles: [], permissions: [] }
let sign: SignViewer
let verifyViewer: VerifyViewer
let subgraph: Subgraph
let shop: ToyShop
let lines: Record<string, unknown>[]
let context: (request: RequestContext) => RequestContext
let events: string[]
let degraded: string[]

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  sign = await createViewerSigner(await exportJWK(privateKey))
  verifyViewer = await createViewerVerifier({
    publicKey: await exportJWK(publicKey),
    audience: 'toys',
  })
})

beforeEach(async () => {
  const collected = collectLog()
  lines = collected.lines
  shop = { failure: () => new Error('unset'), gate: Promise.resolve(), reached: () => {} }
  context = (request) => request
  events = []
  degraded = []
  subgraph = await createSubgraph({
    name: 'toys',
    log: collected.log,
    verifyViewer,
    resolvers: [new ToyResolver(shop)],
    references: { Toy: toyReference },
    context: (request) => context(request),
    prepare: async () => void events.push('prepared'),
    degraded: () => degraded,
    services: [
      createService({
        name: 'dusting',
        start: async () => void events.push('dusting'),
        stop: async () => void events.push('dusted'),
      }),
    ],
  })
  await subgraph.start()
})
afterEach(() => subgraph.stop(AbortSignal.timeout(1_000)))

interface Answer {
  data?: Record<string, unknown> | null
  errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[]
}

const headersOf = async (viewer: Viewer = ann) => ({
  'content-type': 'application/json',
  'x-request-id': 'request-1',
  'x-cinegraph-viewer': await sign(viewer, 'toys'),
})

async function send(body: unknown, headers?: Record<string, string>, signal?: AbortSignal) {
  const answer = await subgraph.execute({
    headers: headers ?? (await headersOf()),
    body,
    ...(signal ? { signal } : {}),
  })
  return { status: answer.status, ...(JSON.parse(answer.body) as Answer) }
}
const ask = (query: string, variables: Record<string, unknown> = {}) => send({ query, variables })

it('names in the extensions what is degraded now', async () => {
  expect(await ask('{ who }')).not.toHaveProperty('extensions')
  degraded = ['search']
  expect(await ask('{ who }')).toMatchObject({ extensions: { degraded: ['search'] } })
})

describe('identity', () => {
  it.each([
    [ann, 'ann'],
    [ANONYMOUS, 'anonymous'],
  ])('is what the gateway signed', async (viewer, who) => {
    expect(await send({ query: '{ who }' }, await headersOf(viewer))).toEqual({
      status: 200,
      data: { who },
    })
  })

  it.each([
    ['none', async () => undefined],
    ['one meant for another subgraph', () => sign(ann, 'films')],
    ['a forged one', async () => 'e30.e30.e30'],
  ])('is refused with 401 when there is %s', async (_name, token) => {
    const signed = await token()
    const answer = await send(
      { query: '{ who }' },
      { 'x-request-id': 'request-1', ...(signed ? { 'x-cinegraph-viewer': signed } : {}) },
    )
    expect(answer).toEqual({
      status: 401,
      errors: [
        {
          message: 'This service answers only the gateway.',
          extensions: { code: 'UNAUTHENTICATED', requestId: 'request-1' },
        },
      ],
    })
    expect(lines).toMatchObject([
      { level: 'warn', requestId: 'request-1', msg: 'identity refused' },
    ])
    expect(lines[0]).toHaveProperty('err')
  })
})

describe('an error', () => {
  const failWith = async (error: unknown) => {
    shop.failure = () => error
    return ask('{ failing { id } }')
  }

  it('that is expected arrives with code, path and request id', async () => {
    const error = new AppError('BAD_USER_INPUT', 'No.', { argument: ['input', 'login'] })
    expect(await failWith(error)).toMatchObject({
      status: 200,
      data: { failing: null },
      errors: [
        {
          message: 'No.',
          path: ['failing'],
          extensions: {
            code: 'BAD_USER_INPUT',
            argument: ['input', 'login'],
            requestId: 'request-1',
          },
        },
      ],
    })
    expect(lines).toMatchObject([
      { level: 'info', requestId: 'request-1', subgraph: 'toys', code: 'BAD_USER_INPUT' },
    ])
  })

  it.each([
    ['a bug', new Error('secret at 10.0.0.1'), 'INTERNAL_SERVER_ERROR'],
    ['a dead engine', new DependencyError('postgres', 'secret at 10.0.0.1'), 'SERVICE_UNAVAILABLE'],
  ])('that is %s tells the log everything and the client nothing', async (_name, error, code) => {
    const answer = await failWith(error)
    expect(answer.errors).toMatchObject([{ extensions: { code, requestId: 'request-1' } }])
    expect(JSON.stringify(answer)).not.toMatch(/secret|postgres|stack|\.ts/)
    expect(lines).toMatchObject([
      { level: 'error', requestId: 'request-1', err: { message: 'secret at 10.0.0.1' } },
    ])
    expect(JSON.stringify(lines)).toContain('subgraph.test.ts')
  })

  it('that breaks the schema is a bug', async () => {
    expect(await ask('{ missing }')).toMatchObject({
      errors: [{ message: 'Something went wrong on our side.' }],
    })
  })

  it.each([
    ['GRAPHQL_PARSE_FAILED', '{', {}, 400],
    ['GRAPHQL_VALIDATION_FAILED', '{ nothing }', {}, 400],
    ['OPERATION_RESOLUTION_FAILURE', 'query A { who } query B { who }', {}, 400],
    ['BAD_USER_INPUT', 'query ($id: ID!) { toy(id: $id) { id } }', {}, 400],
    [
      'BAD_USER_INPUT',
      'query ($first: Int) { toys(first: $first) { totalCount } }',
      { first: 'a' },
      400,
    ],
    ['BAD_USER_INPUT', 'query ($n: Int = 1) { toys(first: $n) { totalCount } }', { n: null }, 200],
    ['BAD_USER_INPUT', '{ toys(first: 0) { totalCount } }', {}, 200],
  ])('is %s for %s with %j', async (...[code, query, variables, status]) => {
    const answer = await ask(query, variables)
    expect(answer.errors).toMatchObject([{ extensions: { code, requestId: 'request-1' } }])
    expect(answer.status).toBe(status)
    expect(lines).toMatchObject([{ level: 'info', requestId: 'request-1', code }])
  })

  it.each([[{}], ['text'], [[]], [{ query: 1 }], [{ query: '{ who }', variables: 'a' }]])(
    'is BAD_REQUEST for the body %j, and has its id too',
    async (body) => {
      const answer = await send(body)
      expect(answer.status).toBe(400)
      expect(answer.errors).toMatchObject([
        { extensions: { code: 'BAD_REQUEST', requestId: 'request-1' } },
      ])
      expect(lines).toMatchObject([{ level: 'info', requestId: 'request-1', code: 'BAD_REQUEST' }])
    },
  )

  it('while the context is made is a bug with its id', async () => {
    context = () => {
      throw new Error('secret at 10.0.0.1')
    }
    expect(await ask('{ who }')).toEqual({
      status: 500,
      errors: [
        {
          message: 'Something went wrong on our side.',
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' },
        },
      ],
    })
    expect(lines).toMatchObject([{ level: 'error', requestId: 'request-1' }])
  })

  it('of one reference leaves the others', async () => {
    const answer = await ask(`{
      _entities(representations: [
        { __typename: "Toy", id: "1" }, { __typename: "Toy", id: "forbidden" }, { __typename: "Toy", id: "down" }
      ]) { ... on Toy { label } }
    }`)
    expect(answer.data).toEqual({ _entities: [{ label: 'doll' }, null, null] })
    expect(answer.errors).toMatchObject([
      { path: ['_entities', 1], extensions: { code: 'FORBIDDEN' } },
      { path: ['_entities', 2], extensions: { code: 'SERVICE_UNAVAILABLE' } },
    ])
  })

  it('carries a new id when the one that was sent is unfit', async () => {
    const headers = { ...(await headersOf()), 'x-request-id': 'has a blank' }
    const { errors } = await send({ query: '{ nothing }' }, headers)
    expect(errors?.[0]?.extensions['requestId']).toMatch(/^[\da-f-]{36}$/)
  })

  it('thrown as a GraphQLError by a resolver keeps a code that is ours', async () => {
    const answer = await failWith(new GraphQLError('No.', { extensions: { code: 'CONFLICT' } }))
    expect(answer.errors).toMatchObject([{ message: 'No.', extensions: { code: 'CONFLICT' } }])
  })
})

describe('the deadline', () => {
  it('starts no further resolver once the caller has gone', async () => {
    const gate = Promise.withResolvers<undefined>()
    const reached = Promise.withResolvers<undefined>()
    Object.assign(shop, { gate: gate.promise, reached: () => reached.resolve(undefined) })
    const caller = new AbortController()
    const query = '{ slow { label next { label } } }'
    const asked = send({ query }, await headersOf(), caller.signal)
    await reached.promise
    caller.abort()
    gate.resolve(undefined)
    expect(await asked).toMatchObject({
      data: { slow: { label: 'slow', next: null } },
      errors: [{ path: ['slow', 'next'], extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    })
    expect(lines).toMatchObject([{ level: 'info' }])
  })

  it('is the one of the header', async () => {
    let signal: AbortSignal | undefined
    context = (request) => {
      signal = request.signal
      shop.gate = new Promise((resolve) => request.signal.addEventListener('abort', resolve))
      return request
    }
    const headers = { ...(await headersOf()), 'x-cinegraph-timeout-ms': '20' }
    const answer = await send({ query: '{ slow { next { label } } }' }, headers)
    expect(signal?.reason).toMatchObject({ name: 'TimeoutError' })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }])
  })
})

describe('stopping', () => {
  it('finishes what is in flight, refuses what comes meanwhile, and then stops what runs beside it', async () => {
    const gate = Promise.withResolvers<undefined>()
    const reached = Promise.withResolvers<undefined>()
    Object.assign(shop, { gate: gate.promise, reached: () => reached.resolve(undefined) })
    const inFlight = ask('{ slow { label } }')
    await reached.promise
    const stopped = subgraph.stop(AbortSignal.timeout(5_000))
    expect(await ask('{ who }')).toEqual({
      status: 503,
      errors: [
        {
          message: 'This part of the service is not available at the moment. Try again.',
          extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true, requestId: 'request-1' },
        },
      ],
    })
    expect(events).toEqual(['prepared', 'dusting'])
    expect(lines).toMatchObject([{ level: 'info', requestId: 'request-1', reason: 'stopping' }])
    gate.resolve(undefined)
    expect(await inFlight).toMatchObject({ data: { slow: { label: 'slow' } } })
    await stopped
    expect(events).toEqual(['prepared', 'dusting', 'dusted'])
    expect((await ask('{ who }')).status).toBe(503)
  })

  it('is possible without having started', async () => {
    const { log } = collectLog()
    const idle = await createSubgraph({
      name: 'idle',
      log,
      verifyViewer,
      resolvers: [new ToyResolver(shop)],
      context: (request) => request,
    })
    await idle.stop(AbortSignal.timeout(1_000))
    expect(await idle.ready()).toEqual({ ready: false, reason: 'stopped' })
  })
})

it('answers over HTTP as it does in process, under the request id of the HTTP server', async () => {
  const { log } = collectLog()
  const options = { host: '127.0.0.1', port: 0, log, metrics: createMetrics(), dependencies: [] }
  const server = await serveSubgraph(subgraph, options)
  await server.start()
  const post = async (headers: Record<string, string>, body: unknown) => {
    const url = `${server.url}/graphql`
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return { answer, ...((await answer.json()) as Answer) }
  }
  const good = await post(await headersOf(), { query: '{ who }' })
  expect([good.answer.status, good.data]).toEqual([200, { who: 'ann' }])
  const headers = { 'content-type': 'application/json', 'x-request-id': 'has a blank' }
  const refused = await post(headers, { query: '{ who }' })
  expect(refused.answer.status).toBe(401)
  expect(refused.errors?.[0]?.extensions['requestId']).toBe(
    refused.answer.headers.get('x-request-id'),
  )
  await server.stop(AbortSignal.timeout(5_000))
})
