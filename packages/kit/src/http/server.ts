import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Registry } from '../metrics.js'
import { ConfigError } from '../config.js'
import { shortened } from '../graphql/message.js'
import { aborted, createService, type Readiness, type Service } from '../lifecycle.js'
import type { Logger } from '../logger.js'
import { within } from '../within.js'
import { registerMetrics } from './metrics-route.js'

const REQUEST_ID = /^[\w.:-]{8,128}$/

/** The caller's id when it is well formed, otherwise a new one: it goes into logs and headers. */
export const requestIdFrom = (header: string | string[] | undefined): string =>
  typeof header === 'string' && REQUEST_ID.test(header) ? header : randomUUID()

/** Milliseconds. */
export interface ReceivingLimits {
  /** That the headers of a request may take to arrive. */
  headersMs: number
  /** That a whole request may take to arrive, its body included. */
  requestMs: number
  /** How often these two are looked at. */
  checkEveryMs: number
  /** That a request which is still arriving at a stop has left. */
  drainMs: number
}

const RECEIVING: ReceivingLimits = {
  headersMs: 10_000,
  requestMs: 15_000,
  checkEveryMs: 1_000,
  drainMs: 1_000,
}

/** That a dependency may take to say whether it is ready; one that stands still is to be named as well. */
const READY_MS = 5_000
class Silent extends Error {}
const notReadyIfSilent = (error: unknown): Readiness => {
  if (error instanceof Silent) return { ready: false, reason: 'does not answer' }
  throw error
}

export interface HttpServerOptions {
  name: string
  host: string
  /** 0 takes a free one. */
  port: number
  /** Names the setting in the message when the port is taken. */
  portSetting: string
  /** Bytes of a request body; more is answered with 413. */
  bodyLimit: number
  /** How long clients may take to send; a slower one is answered with 408 and cut off. */
  receiving?: Partial<ReceivingLimits>
  /** Addresses, CIDR ranges and names of ranges of the proxies whose `X-Forwarded-*` headers are believed; by default none. */
  trustProxy?: readonly string[] | undefined
  log: Logger
  metrics: Registry
  /** What `/readyz` asks; it names each that is not ready. */
  dependencies: readonly Service[]
  register: (app: FastifyInstance) => Promise<void>
}

export type HttpServer = Service & {
  readonly app: FastifyInstance
  /** Where it listens, e.g. `http://127.0.0.1:4000`; only after start. */
  readonly url: string
}

/**
 * Fastify with request ids, `/livez`, `/readyz`, `/metrics` and a stop that lets requests in flight finish. Errors are
 * answered as GraphQL answers them: `{ errors: [{ message, extensions: { code, requestId } }] }`.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { name, host, log, metrics } = options
  const receiving = { ...RECEIVING, ...options.receiving }
  // Fastify would take on pino's own type and then fit no plugin
  const loggerInstance: FastifyBaseLogger = log
  const app: FastifyInstance = Fastify({
    loggerInstance,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustProxy?.length ? [...options.trustProxy] : false,
    requestTimeout: receiving.requestMs,
    http: {
      headersTimeout: receiving.headersMs,
      connectionsCheckingInterval: receiving.checkEveryMs,
    },
    genReqId: (request) => requestIdFrom(request.headers['x-request-id']),
    // a keep-alive connection must outlive the clients' own idle time-out, or they write into a closed socket
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
  })
  let draining = false
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onSend', async (_request, reply) => {
    // a kept-alive connection would hold the stop up until it idles out
    if (draining) reply.header('connection', 'close')
  })
  app.get('/livez', async () => ({ status: 'alive' }))
  app.get('/readyz', async (_request, reply) => {
    const states = await Promise.all(
      options.dependencies.map(async (it): Promise<[string, Readiness]> => [
        it.name,
        await within(it.ready(), READY_MS, () => new Silent()).catch(notReadyIfSilent),
      ]),
    )
    const notReady = states.filter(([, state]) => !state.ready)
    if (draining) notReady.unshift([name, { ready: false, reason: 'draining' }])
    reply.code(notReady.length === 0 ? 200 : 503)
    return { ready: notReady.length === 0, services: Object.fromEntries([...states, ...notReady]) }
  })
  registerMetrics(app, metrics)
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send(errorBody(request, 'NOT_FOUND', `There is no ${request.method} ${pathOf(request)}.`)),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500)
      return reply.code(status).send(errorBody(request, 'BAD_REQUEST', error.message))
    request.log.error({ err: error }, 'request failed')
    const body = errorBody(request, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.')
    return reply.code(500).send(body)
  })
  const cutReceiving = trackReceiving(app)
  await options.register(app)

  const service = createService({
    name,
    async start() {
      await app.listen({ host, port: options.port }).catch((error: unknown) => {
        throw listenProblem(error as NodeJS.ErrnoException, options) ?? error
      })
      log.info({ url: urlOf(app, host) }, 'listening')
    },
    drain() {
      draining = true
    },
    async stop(deadline) {
      draining = true
      const closed = app.close()
      void setTimeout(receiving.drainMs, undefined, { ref: false }).then(cutReceiving)
      void aborted(deadline).then(() => app.server.closeAllConnections())
      await closed
    },
  })
  return {
    ...service,
    app,
    get url() {
      return urlOf(app, host)
    },
  }
}

/** Returns a function that ends the connections over which no whole request has arrived. */
function trackReceiving(app: FastifyInstance): () => void {
  const connections = new Map<Socket, IncomingMessage | undefined>()
  app.server.on('connection', (socket: Socket) => {
    connections.set(socket, undefined)
    socket.once('close', () => connections.delete(socket))
  })
  app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    connections.set(request.socket, request)
    response.once('close', () => {
      if (connections.get(request.socket) === request) connections.set(request.socket, undefined)
    })
  })
  return () => {
    for (const [socket, request] of connections) if (!request?.complete) socket.destroy()
  }
}

const pathOf = ({ url }: FastifyRequest): string => shortened(url.replace(/\?.*$/s, ''))

const errorBody = ({ id }: FastifyRequest, code: string, message: string) => ({
  errors: [{ message, extensions: { code, requestId: id } }],
})

function urlOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function listenProblem(
  error: NodeJS.ErrnoException,
  { host, port, portSetting }: HttpServerOptions,
): ConfigError | undefined {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError([
        `${portSetting}: port ${port} on ${host} is taken by another process`,
      ])
    case 'EACCES':
      return new ConfigError([`${portSetting}: this user may not listen on port ${port}`])
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError([`HOST: this machine has no address ${host}`])
    default:
      return undefined
  }
}
