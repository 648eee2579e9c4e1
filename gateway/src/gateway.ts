import { createHttpServer } from '@cinegraph/kit/http/server'
import type { SignViewer } from '@cinegraph/kit/identity'
import { createService, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type { ApolloServer } from '@apollo/server'
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from './execution/context.js'
import { createPlanner, type UnauthorizedFields } from './execution/planner.js'
import { createServer } from './execution/server.js'
import { type AllowedOrigins, corsOptions } from './http/cors.js'
import { createExplorer, type ExplorerOptions } from './http/explorer.js'
import { registerGraphql } from './http/graphql-route.js'
import { registerJwks } from './http/jwks-route.js'
import { createIdentity, type Identity, type TokenOptions } from './identity/identity.js'
import { OPERATION_LIMITS, type OperationLimits } from './limits/operation-limits.js'
import { createGatewayMetrics } from './metrics.js'
import { createConnections } from './subgraphs/connections.js'
import type { InProcessSubgraph } from './subgraphs/in-process-transport.js'

export interface GatewayLimits {
  requestTimeoutMs: number
  subgraphTimeoutMs: number
  subgraphConnectTimeoutMs: number
  subgraphConnections: number
  subgraphResponseLimitBytes: number
  bodyLimitBytes: number
}

export interface GatewayOptions {
  supergraphSdl: string
  host: string
  /** 0 takes a free one. */
  port: number
  log: Logger
  metrics: Registry
  /** Subgraphs of this process, by name; the others are called at their URLs. */
  subgraphs?: Readonly<Record<string, InProcessSubgraph>>
  /** URLs by subgraph name that replace those of the supergraph. */
  subgraphUrls?: Readonly<Record<string, string>> | undefined
  /** Signs who asks for each subgraph; without it subgraphs are not told. */
  signViewer?: SignViewer | undefined
  /** Names of the cookies that pass between the client and a subgraph, by its name. */
  subgraphCookies?: Readonly<Record<string, readonly string[]>>
  /** Which access tokens count; without it everyone is anonymous. */
  tokens?: TokenOptions | undefined
  /** Proxies whose `X-Forwarded-*` headers are believed: addresses, CIDR ranges, `loopback`, `uniquelocal`. */
  trustProxy?: readonly string[] | undefined
  cors?: AllowedOrigins
  explorer?: ExplorerOptions | undefined
  introspection?: boolean
  /** What becomes of operations with fields that their viewer may not have; without it these fields are null. */
  unauthorizedFields?: UnauthorizedFields
  limits?: Partial<GatewayLimits>
  operationLimits?: Partial<OperationLimits>
  /** What `/readyz` asks. Subgraphs are not among them: without one the gateway still answers in part. */
  dependencies?: readonly Service[]
}

export type Gateway = Service & {
  /** Where it listens, e.g. `http://127.0.0.1:4000`; only after start. */
  readonly url: string
}

const DEFAULT_LIMITS: GatewayLimits = {
  requestTimeoutMs: 15_000,
  subgraphTimeoutMs: 10_000,
  subgraphConnectTimeoutMs: 2_000,
  subgraphConnections: 100,
  subgraphResponseLimitBytes: 32 * 1024 ** 2,
  bodyLimitBytes: 1024 ** 2,
}

/** The public endpoint of a supergraph. Knows nothing of what is served. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { supergraphSdl, introspection = true } = options
  const log = options.log.child({ service: 'gateway' })
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const metrics = createGatewayMetrics(options.metrics)
  const connections = createConnections({
    local: options.subgraphs ?? {},
    urls: options.subgraphUrls ?? {},
    signViewer: options.signViewer,
    cookies: options.subgraphCookies ?? {},
    log,
    metrics,
    timeoutMs: limits.subgraphTimeoutMs,
    connectTimeoutMs: limits.subgraphConnectTimeoutMs,
    connections: limits.subgraphConnections,
    responseLimitBytes: limits.subgraphResponseLimitBytes,
  })
  const gateway = createPlanner({
    supergraphSdl,
    dataSourceFor: connections.open,
    unauthorizedFields: options.unauthorizedFields ?? 'null',
    metrics,
    log,
  })
  const server = createServer({
    gateway,
    introspection,
    limits: { ...OPERATION_LIMITS, ...options.operationLimits },
    renewalFields: new Set(options.tokens?.renewalFields),
    metrics,
    log,
  })
  const identity = createIdentity({ ...options, log })
  const { revocations } = identity
  const http = await createHttpServer({
    ...options,
    log,
    name: 'gateway',
    portSetting: 'PORT',
    bodyLimit: limits.bodyLimitBytes,
    dependencies: [...(options.dependencies ?? []), ...(revocations ? [revocations] : [])],
    async register(app) {
      await app.register((scope) =>
        registerRoutes(scope, { ...options, log, limits, server, identity }),
      )
    },
  })
  let loaded = false
  const service = createService({
    name: 'gateway',
    async start() {
      await server.start()
      loaded = true
      connections.assertAllUsed()
      await revocations?.start()
      await http.start()
    },
    drain: () => http.drain?.(),
    async stop(deadline) {
      await http.stop(deadline)
      await revocations?.stop(deadline)
      // Apollo throws when it never started
      if (loaded) await server.stop()
      await connections.close()
    },
  })
  return {
    ...service,
    get url() {
      return http.url
    },
  }
}

interface RouteOptions extends GatewayOptions {
  limits: GatewayLimits
  server: ApolloServer<GatewayContext>
  identity: Identity
}

async function registerRoutes(scope: FastifyInstance, options: RouteOptions): Promise<void> {
  const { tokens, explorer, server, log, limits, identity } = options
  const { cors: origins = 'development', subgraphCookies = {} } = options
  const subgraphNames = Object.values(subgraphCookies).flat()
  await scope.register(cors, corsOptions(origins))
  registerGraphql(scope, {
    server,
    log,
    requestTimeoutMs: limits.requestTimeoutMs,
    authenticate: identity.authenticate,
    cookies: {
      accessToken: tokens?.cookie,
      names: new Set([tokens?.cookie ?? [], subgraphNames].flat()),
      origins,
    },
    explorer: explorer && createExplorer(explorer),
  })
  if (identity.keys) registerJwks(scope, identity.keys)
}
