import { ApolloServer, HeaderMap } from '@apollo/server'
import type { FastifyInstance } from 'fastify'
import { GraphQLError } from 'graphql'
import { AppError } from '../errors.js'
import { createHttpServer, requestIdFrom, type HttpServer } from '../http/server.js'
import { VIEWER_HEADER, type VerifyViewer, type Viewer } from '../identity.js'
import { createService, type Service } from '../lifecycle.js'
import type { Logger } from '../logger.js'
import type { Registry } from '../metrics.js'
import { buildSubgraph, type SubgraphDefinition } from './build-subgraph.js'
import { DEADLINE_HEADER, deadlineFrom, deadlinePlugin } from './deadline.js'
import { errorsPlugin, formatError } from './errors.js'

/** What every request of every subgraph knows. A subgraph's own context adds its loaders. */
export interface RequestContext {
  readonly viewer: Viewer
  readonly requestId: string
  readonly log: Logger
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

/** A whole subgraph. The same pipeline answers `execute` (in process) and the HTTP server. */
export type Subgraph = Service & {
  readonly sdl: string
  execute(request: SubgraphRequest): Promise<{ status: number; body: string }>
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
}

export async function createSubgraph<C extends RequestContext>(
  options: SubgraphOptions<C>,
): Promise<Subgraph> {
  const { name, verifyViewer } = options
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
    plugins: [errorsPlugin<C>(), deadlinePlugin<C>()],
    stopOnTerminationSignals: false,
  })

  const contextOf = async (headers: HeaderMap, gone?: AbortSignal): Promise<C> => {
    const deadline = deadlineFrom(headers.get(DEADLINE_HEADER))
    const requestId = requestIdFrom(headers.get('x-request-id'))
    const viewer = await verifyViewer(headers.get(VIEWER_HEADER)).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error
      log.warn({ requestId, err: error.cause }, 'identity refused')
      throw new GraphQLError(error.message, {
        extensions: { code: error.code, http: { status: 401 } },
      })
    })
    return options.context({
      viewer,
      requestId,
      log: log.child({ requestId }),
      signal: gone ? AbortSignal.any([gone, deadline]) : deadline,
    })
  }

  const service = createService({
    name,
    async start() {
      await options.prepare?.()
      await server.start()
    },
    stop: () => server.stop(),
  })
  return Object.assign(service, {
    sdl,
    publicRoutes: options.publicRoutes ?? (async () => {}),
    async execute({ headers, body, signal }: SubgraphRequest) {
      const map = new HeaderMap(Object.entries(headers))
      const answer = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers: map, search: '', body },
        context: () => contextOf(map, signal),
      })
      if (answer.body.kind !== 'complete') throw new Error('incremental delivery is not used')
      return { status: answer.status ?? 200, body: answer.body.string }
    },
  })
}

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
        const headers: Record<string, string> = { 'x-request-id': request.id }
        for (const [key, value] of Object.entries(request.headers)) {
          if (typeof value === 'string') headers[key] = value
        }
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const { status, body } = await subgraph.execute({
          headers,
          body: request.body,
          signal: gone.signal,
        })
        return reply.code(status).type('application/json; charset=utf-8').send(body)
      })
      await subgraph.publicRoutes(app)
    },
  })
}
