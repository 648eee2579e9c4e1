import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  LogController,
} from 'fastify'
import type { Registry } from '../metrics.js'
import { ConfigError } from '../config.js'
import { aborted, createService, type Readiness, type Service } from '../lifecycle.js'
import type { Logger } from '../logger.js'

const REQUEST_ID = /^[\w.:-]{8,128}$/

/** The caller's id when it is well formed, otherwise a new one: it goes into logs and headers. */
export const requestIdFrom = (header: string | string[] | undefined): string =>
  typeof header === 'string' && REQUEST_ID.test(header) ? header : randomUUID()

export interface HttpServerOptions {
  name: string
  host: string
  /** 0 takes a free one. */
  port: number
  /** Names the setting in the message when the port is taken. */
  portSetting: string
  /** Bytes of a request body; more is answered with 413. */
  bodyLimit: number
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

/** Fastify with request ids, `/livez`, `/readyz`, `/metrics` and a stop that lets requests in flight finish. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { name, host, log, metrics } = options
  // Fastify would take on pino's own type and then fit no plugin
  const loggerInstance: FastifyBaseLogger = log
  const app: FastifyInstance = Fastify({
    loggerInstance,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    bodyLimit: options.bodyLimit,
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
        await it.ready(),
      ]),
    )
    const notReady = states.filter(([, state]) => !state.ready)
    if (draining) notReady.unshift([name, { ready: false, reason: 'draining' }])
    reply.code(notReady.length === 0 ? 200 : 503)
    return { ready: notReady.length === 0, services: Object.fromEntries([...states, ...notReady]) }
  })
  app.get('/metrics', async (_request, reply) => {
    reply.type(metrics.contentType)
    return metrics.metrics()
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return reply.code(status).send({ error: error.message })
    request.log.error({ err: error }, 'request failed')
    return reply.code(500).send({ error: 'Something went wrong on our side.' })
  })
  await options.register(app)

  const service = createService({
    name,
    async start() {
      await app.listen({ host, port: options.port }).catch((error: unknown) => {
        throw listenProblem(error as NodeJS.ErrnoException, options) ?? error
      })
      log.info({ url: urlOf(app, host) }, 'listening')
    },
    async stop(deadline) {
      draining = true
      const closed = app.close()
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
      return new ConfigError([`HOST: this machine has no address ${host}`])
    default:
      return undefined
  }
}
