import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { collectLog } from '../../test/collect-log.js'
import { ConfigError } from '../config.js'
import { createService } from '../lifecycle.js'
import { createMetrics } from '../metrics.js'
import {
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
  type ReceivingLimits,
} from './server.js'

const servers: HttpServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(AbortSignal.timeout(1_000))
})

const { log, lines } = collectLog()

async function create(options: Partial<HttpServerOptions> = {}) {
  const server = await createHttpServer({
    name: 'films-http',
    host: '127.0.0.1',
    port: 0,
    portSetting: 'FILMS_PORT',
    bodyLimit: 1_000,
    log,
    metrics: createMetrics(),
    dependencies: [],
    register: async () => {},
    ...options,
  })
  servers.push(server)
  return server
}
async function listen(options: Partial<HttpServerOptions> = {}) {
  const server = await create(options)
  await server.start()
  return server
}

describe('health', () => {
  it('is alive as soon as it listens', async () => {
    const server = await listen()
    const answer = await fetch(`${server.url}/livez`)
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'alive' }])
  })

  it('is ready when all that it depends on is, and names what is not', async () => {
    const postgres = createService({ name: 'postgres' })
    const films = createService({ name: 'films' })
    const server = await listen({ dependencies: [postgres, films] })
    await films.start()
    const before = await fetch(`${server.url}/readyz`)
    expect([before.status, await before.json()]).toEqual([
      503,
      {
        ready: false,
        services: { postgres: { ready: false, reason: 'initialized' }, films: { ready: true } },
      },
    ])
    await postgres.start()
    const after = await fetch(`${server.url}/readyz`)
    expect([after.status, await after.json()]).toMatchObject([200, { ready: true }])
  })

  it('names what stands still and does not say whether it is ready', async () => {
    const ready = () => new Promise<never>(() => {})
    const { app } = await create({
      dependencies: [{ ...createService({ name: 'search' }), ready }],
    })
    await app.ready()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const asked = app.inject('/readyz')
    await vi.advanceTimersByTimeAsync(5_000)
    vi.useRealTimers()
    const answer = await asked
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { ready: false, services: { search: { ready: false, reason: 'does not answer' } } },
    ])
  })

  it('shows its metrics as Prometheus text', async () => {
    const server = await listen()
    const answer = await fetch(`${server.url}/metrics`)
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(await answer.text()).toContain('process_resident_memory_bytes')
  })
})

describe('/metrics', () => {
  const statusFor = async (remoteAddress: string, headers: Record<string, string> = {}) => {
    const { app } = await create({ trustProxy: ['loopback'] })
    return (await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode
  }

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.9',
    '192.168.7.7',
    '::1',
    'fd00::7',
    '::ffff:10.0.0.7',
  ])('is there for %s', async (address) => {
    expect(await statusFor(address)).toBe(200)
  })

  it.each(['203.0.113.7', '172.32.0.1', '2001:db8::7', '::ffff:203.0.113.7', 'fe80::1%eth0'])(
    'is not there for %j',
    async (address) => {
      expect(await statusFor(address)).toBe(404)
    },
  )

  it.each(['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'])(
    'is not there for who came through a proxy that says so by %s, whomever it names',
    async (header) => {
      expect(await statusFor('127.0.0.1', { [header]: '10.0.0.7' })).toBe(404)
    },
  )

  it('is refused as any path that there is not', async () => {
    const { app } = await create()
    const answerTo = async (url: string) => {
      const headers = { 'x-request-id': 'request-1', 'x-real-ip': '203.0.113.7' }
      const { statusCode, body } = await app.inject({ url, headers })
      return { statusCode, body: body.replace(url, '/path') }
    }
    expect(await answerTo('/metrics')).toEqual(await answerTo('/nothing'))
  })
})

describe('the request id', () => {
  const idFor = async (sent: string | undefined) => {
    const server = await listen()
    const headers = sent === undefined ? {} : { 'x-request-id': sent }
    return (await fetch(`${server.url}/livez`, { headers })).headers.get('x-request-id')
  }

  it('comes back as it was sent', async () => {
    expect(await idFor('web-1234.5:6_7')).toBe('web-1234.5:6_7')
  })

  it.each([undefined, '', 'short', 'x'.repeat(129), 'has a blank', '{"json":1}', 'a;b=c;d=e'])(
    'is a new one for %j',
    async (sent) => {
      expect(await idFor(sent)).toMatch(/^[\da-f-]{36}$/)
    },
  )
})

describe('errors', () => {
  it('say nothing of a bug to the client and everything to the log', async () => {
    const server = await listen({
      register: async (app) => {
        app.get('/broken', () => Promise.reject(new Error('secret at 10.0.0.1')))
      },
    })
    const answer = await fetch(`${server.url}/broken`, {
      headers: { 'x-request-id': 'request-1' },
    })
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('secret')
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        requestId: 'request-1',
        err: expect.objectContaining({ message: 'secret at 10.0.0.1' }) as unknown,
      }),
    )
  })

  it('tell a client what it did wrong', async () => {
    const server = await listen({
      register: async (app) => {
        app.post('/echo', async ({ body }) => body)
      },
    })
    const post = (body: string) =>
      fetch(`${server.url}/echo`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
    expect((await post('{"a":')).status).toBe(400)
    expect((await post(JSON.stringify('x'.repeat(1_000)))).status).toBe(413)
  })
})

/** A connection over which a request has begun to arrive; `answer` is all that comes back until it is closed. */
async function begin(server: HttpServer, head: string) {
  const accepted = once(server.app.server, head === BODY_BEGINS ? 'request' : 'connection')
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => {})
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk))
  // also what came before the connection was reset
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(received)))
  socket.write(head)
  await accepted
  return { socket, answer }
}
const HEADERS = 'POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n'
const BODY_BEGINS = `${HEADERS}content-length: 100\r\n\r\n{"a":`

describe('a client that sends', () => {
  const echo: HttpServerOptions['register'] = async (app) => {
    app.post('/echo', async ({ body }) => body)
  }
  const receiving = { headersMs: 100, requestMs: 100, checkEveryMs: 20 }

  it.each([
    ['headers', HEADERS],
    ['a body', BODY_BEGINS],
  ])('%s without end is cut off, however steadily it sends', async (_name, head) => {
    const server = await listen({ receiving, register: echo })
    const { socket, answer } = await begin(server, head)
    const trickle = setInterval(() => socket.write('x'), 10)
    // a byte that is sent after the cut would be answered with a reset, before the answer is read
    server.app.server.once('clientError', () => clearInterval(trickle))
    expect(await answer).toContain('408 Request Timeout')
  })

  it('quickly may wait for its answer as long as it takes', async () => {
    const checked = Promise.withResolvers<string>()
    const server = await listen({
      receiving,
      register: async (app) => {
        app.post('/echo', () => checked.promise)
      },
    })
    const waits = fetch(`${server.url}/echo`, { method: 'POST' })
    // another one is cut off later, by the same check
    const { answer } = await begin(server, HEADERS)
    expect(await answer).toContain('408')
    checked.resolve('done')
    expect(await (await waits).text()).toBe('done')
  })
})

it('what is not there is an error like any other', async () => {
  const server = await listen()
  const answer = await fetch(`${server.url}/nope?token=secret`)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toEqual({
    errors: [
      {
        message: 'There is no GET /nope.',
        extensions: { code: 'NOT_FOUND', requestId: answer.headers.get('x-request-id') },
      },
    ],
  })
})

describe('starting', () => {
  const problem = async (options: Partial<HttpServerOptions>) => {
    const server = await create(options)
    return server.start().then(
      () => undefined,
      (error: unknown) => error,
    )
  }

  it('names the setting when the port is taken', async () => {
    const { port } = new URL((await listen()).url)
    const error = await problem({ port: Number(port) })
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({
      message: `FILMS_PORT: port ${port} on 127.0.0.1 is taken by another process`,
    })
  })

  it.each(['192.0.2.1', 'no-such-host.invalid'])(
    'names the setting when the address %s is not of this machine',
    async (host) => {
      expect(await problem({ host })).toMatchObject({
        message: `HOST: this machine has no address ${host}`,
      })
    },
  )
})

describe('stopping', () => {
  /** Who waits for more than it should waits for ever. */
  const NO_DEADLINE = new AbortController().signal
  const listenForEver = async (options: Partial<HttpServerOptions> = {}) => {
    const server = await listen(options)
    // or a connection that was left open would end by itself, only later
    server.app.server.keepAliveTimeout = 0
    return server
  }
  const keepAlive = () => new Agent({ keepAlive: true, maxSockets: 1 })
  const get = async (url: string, agent: Agent) => {
    const sent = request(url, { agent }).end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    const text = (await answer.toArray()).join('')
    return { status: answer.statusCode, text }
  }

  async function slow(receiving: Partial<ReceivingLimits> = {}) {
    const reached = Promise.withResolvers<undefined>()
    const gate = Promise.withResolvers<string>()
    const server = await listenForEver({
      receiving,
      register: async (app) => {
        app.get('/slow', () => {
          reached.resolve(undefined)
          return gate.promise
        })
      },
    })
    return { server, reached: reached.promise, gate }
  }

  it('lets the request in flight finish, refuses new ones and then has stopped', async () => {
    const { server, reached, gate } = await slow()
    const { url } = server
    const inFlight = get(`${url}/slow`, keepAlive())
    await reached
    const stopped = server.stop(NO_DEADLINE)
    await expect(get(`${url}/livez`, keepAlive())).rejects.toThrow(/ECONNREFUSED|ECONNRESET/)
    gate.resolve('done')
    expect(await inFlight).toEqual({ status: 200, text: 'done' })
    await stopped
  })

  it('says beforehand that it will, and gives up each connection with an answer', async () => {
    const server = await listen()
    const before = await fetch(`${server.url}/livez`)
    server.drain?.()
    const ready = await fetch(`${server.url}/readyz`)
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { services: { 'films-http': { ready: false, reason: 'draining' } } },
    ])
    const after = await fetch(`${server.url}/livez`)
    expect(after.status).toBe(200)
    const connections = [before, after].map(({ headers }) => headers.get('connection'))
    expect(connections).toEqual(['keep-alive', 'close'])
  })

  it('does not wait for idle connections', async () => {
    const server = await listenForEver()
    await get(`${server.url}/livez`, keepAlive())
    await server.stop(NO_DEADLINE)
  })

  it.each([
    ['headers', HEADERS],
    ['body', BODY_BEGINS],
  ])('does not wait for the rest of a request whose %s are still arriving', async (_name, head) => {
    const server = await listen({ receiving: { drainMs: 50 } })
    const { answer } = await begin(server, head)
    await server.stop(NO_DEADLINE)
    expect(await answer).toBe('')
  })

  it('goes on with a request that has arrived when others are cut off', async () => {
    const { server, reached, gate } = await slow({ drainMs: 1 })
    const inFlight = get(`${server.url}/slow`, keepAlive())
    await reached
    const { socket } = await begin(server, BODY_BEGINS)
    const cut = once(socket, 'close')
    const stopped = server.stop(NO_DEADLINE)
    await cut
    gate.resolve('done')
    expect(await inFlight).toEqual({ status: 200, text: 'done' })
    await stopped
  })

  it('cuts what is still in flight at the deadline', async () => {
    const { server, reached } = await slow()
    const cut = get(`${server.url}/slow`, keepAlive())
    await reached
    const refused = expect(cut).rejects.toThrow('socket hang up')
    await server.stop(AbortSignal.abort())
    await refused
  })
})
