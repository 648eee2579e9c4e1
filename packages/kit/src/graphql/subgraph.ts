import { ApolloServer, HeaderMap } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled'
import type { FastifyInstance } from 'fastify'
import { type Client, clientFrom } from '../client.js'
import { type Cookies, createCookies } from '../cookies.js'
import { AppError, DependencyError } from '../errors.js'
import { createHttpServer, requestIdFrom, type HttpServer } from '../http/server.js'
import { VIEWER_HEADER, type VerifyViewer, type Viewer } from '../identity.js'
import { aborted, createService, type Service, startAll, stopAll } from '../lifecycle.js'
import type { Logger } from '../logger.js'
import type { Registry } from '../metrics.js'
import { buildSubgraph, type SubgraphDefinition } from './build-subgraph.js'
import { degradedPlugin } from './degraded.js'
import { DEADLINE_HEADER, deadlineFrom, deadlinePlugin } from './deadline.js'
import {
  errorsPlugin,
  formatError,
  type HttpAnswer,
  identifyRefusal,
  refusalOf,
  refuseRequest,
} from './errors.js'

/** What every request of every subgraph knows. A subgraph's own context adds its loaders. */
export interface RequestContext {
  readonly viewer: Viewer
  readonly requestId: string
  readonly log: Logger
  readonly client: Client
  readonly cookies: Cookies
  /** Aborts when the gateway no longer waits for the answer. */
  readonly signal: AbortSignal
}

/** A subgraph request as it crosses a process border: lower-case headers and the JSON body. */
export interface SubgraphRequest {
  headers: Readonly<Record<string, string>>
  body: unknown
  /** Aborts when the caller has gone. */
  signal?: AbortSignal
}

export interface SubgraphAnswer extends HttpAnswer {
  /** `Set-Cookie` headers. */
  readonly setCookie?: readonly string[]
  /** `Cache-Control`, as the hints in the schema and the errors of the answer have it. */
  readonly cacheControl?: string | undefined
}

/** A whole subgraph. The same pipeline answers `execute` (in process) and the HTTP server. */
export type Subgraph = Service & {
  readonly sdl: string
  execute(request: SubgraphRequest): Promise<SubgraphAnswer>
  /** Routes that are reachable without a signed identity, such as a JWKS. */
  readonly publicRoutes: (app: FastifyInstance) => Promise<void>
}

export interface SubgraphOptions<C extends RequestContext> extends SubgraphDefinition {
  name: string
  log: Logger
  verifyViewer: VerifyViewer
  /** Adds what this subgraph needs per request, such as DataLoaders. */
  context: (request: RequestContext) => C
  publicRoutes?: (app: FastifyInstance) => Promise<void>
  /** Runs at start, before the first request; the engines have started by then. */
  prepare?: () => Promise<void>
  /** What others stand in for now: named in the extensions of answers. */
  degraded?: () => Iterable<string>
  /** What runs as long as the subgraph does, such as periodic work: started after `prepare`, stopped after the last request. */
  services?: readonly Service[]
}

export async function createSubgraph<C extends RequestContext>(
  options: SubgraphOptions<C>,
): Promise<Subgraph> {
  const { name, verifyViewer, services = [], degraded = () => [] } = options
  const log = options.log.child({ subgraph: name })
  const { schema, sdl } = await buildSubgraph(options)
  const server = new ApolloServer<C>({
    schema,
    formatError,
    includeStacktraceInErrorResponses: false,
    introspection: true,
    // only the gateway reaches a subgraph, and always with a header that no browser can send
    csrfPrevention: false,
    logger: log,
    plugins: [
      errorsPlugin<C>(),
      deadlinePlugin<C>(),
      degradedPlugin<C>(degraded),
      ApolloServerPluginInlineTraceDisabled(),
    ],
    stopOnTerminationSignals: false,
  })

  const contextOf = async (headers: HeaderMap, request: Received, gone?: AbortSignal) => {
    const viewer = await verifyViewer(headers.get(VIEWER_HEADER))
    const deadline = deadlineFrom(headers.get(DEADLINE_HEADER))
    const signal = gone ? AbortSignal.any([gone, deadline]) : deadline
    const client = clientFrom((header) => headers.get(header))
    return options.context({ ...request, viewer, client, signal })
  }

  const answer = async ({ body, signal, ...rest }: SubgraphRequest): Promise<SubgraphAnswer> => {
    const headers = new HeaderMap(Object.entries(rest.headers))
    const requestId = requestIdFrom(headers.get('x-request-id'))
    const cookies = createCookies(headers.get('cookie'))
    const request = { requestId, log: log.child({ requestId }), cookies }
    const readiness = await service.ready()
    if (!readiness.ready) {
      const { reason } = readiness
      // whenever a process is replaced: the caller has the error to log
      request.log.info({ reason }, 'request came while not ready')
      return refusalOf(new DependencyError(name, `${name} is ${reason}`), requestId)
    }
    let contextValue: C
    try {
      contextValue = await contextOf(headers, request, signal)
    } catch (error) {
      if (!(error instanceof AppError)) return refuseRequest(error, request)
      request.log.warn({ err: error.cause }, 'identity refused')
      return refusalOf(error, requestId)
    }
    const result = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body },
      context: async () => contextValue,
    })
    if (result.body.kind !== 'complete') throw new Error('incremental delivery is not used')
    const { status = 200 } = result
    const complete = {
      status,
      body: result.body.string,
      setCookie: cookies.toSet,
      cacheControl: result.headers.get('cache-control'),
    }
    return status < 400 ? complete : identifyRefusal(complete, request)
  }

  const inFlight = new Set<Promise<SubgraphAnswer>>()
  let running = false
  const service = createService({
    name,
    async start() {
      await options.prepare?.()
      await startAll(services)
      await server.start()
      running = true
    },
    async stop(deadline) {
      await Promise.race([Promise.allSettled(inFlight), aborted(deadline)])
      // Apollo refuses to stop what never started
      if (running) await server.stop()
      const [failure] = await stopAll(services, deadline)
      if (failure) throw failure.error
    },
  })
  return Object.assign(service, {
    sdl,
    publicRoutes: options.publicRoutes ?? (async () => {}),
    async execute(request: SubgraphRequest) {
      const answered = answer(request)
      inFlight.add(answered)
      return answered.finally(() => inFlight.delete(answered))
    },
  })
}

type Received = Pick<RequestContext, 'requestId' | 'log' | 'cookies'>

export interface SubgraphServerOptions {
  host: string
  port: number
  log: Logger
  metrics: Registry
  /** Engines whose readiness is the subgraph's own. */
  dependencies: readonly Service[]
}

/** Lets a subgraph listen: POST `/graphql`, its public routes, health and metrics. */
export function serveSubgraph(
  subgraph: Subgraph,
  { dependencies, ...options }: SubgraphServerOptions,
): Promise<HttpServer> {
  return createHttpServer({
    ...options,
    name: `${subgraph.name}-http`,
    portSetting: 'PORT',
    bodyLimit: 4 * 1024 * 1024,
    dependencies: [...dependencies, subgraph],
    async register(app) {
      app.post('/graphql', async (request, reply) => {
        const headers: Record<string, string> = {}
        for (const [key, value] of Object.entries(request.headers)) {
          if (typeof value === 'string') headers[key] = value
        }
        // the one that every log line of this request has, whatever was sent
        headers['x-request-id'] = request.id
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const { status, body, setCookie, cacheControl } = await subgraph.execute({
          headers,
          body: request.body,
          signal: gone.signal,
        })
        if (setCookie?.length) reply.header('set-cookie', setCookie)
        if (cacheControl !== undefined) reply.header('cache-control', cacheControl)
        return reply.code(status).type('application/json; charset=utf-8').send(body)
      })
      await subgraph.publicRoutes(app)
    },
  })
}
