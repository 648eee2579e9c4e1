import { type ApolloServer, HeaderMap } from '@apollo/server'
import { identifyRefusal } from '@cinegraph/kit/graphql/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createAnswers } from '../execution/answers.js'
import type { GatewayContext } from '../execution/context.js'
import type { Authenticate } from '../identity/authenticate.js'
import { errorHandler, HttpRefusal } from './errors.js'
import type { ServeExplorer } from './explorer.js'
import { responseType, wantsPage } from './media-type.js'

export interface GraphqlRouteOptions {
  server: ApolloServer<GatewayContext>
  authenticate: Authenticate
  /** Answers browsers that navigate to the route. */
  explorer?: ServeExplorer | undefined
  requestTimeoutMs: number
  log: Logger
}

const TRACE_PARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/

/** GraphQL over HTTP on `/graphql`. Registers on a scope of its own, whose errors it answers. */
export function registerGraphql(scope: FastifyInstance, options: GraphqlRouteOptions): void {
  const { explorer } = options
  // what is left is JSON; anything else is answered with 415
  scope.removeContentTypeParser('text/plain')
  scope.setErrorHandler(errorHandler(options.log))
  scope.route({
    url: '/graphql',
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposeHeadRoute: false,
    async handler(request, reply) {
      if (explorer && request.method === 'GET' && wantsPage(request.headers.accept)) {
        return explorer(request, reply)
      }
      if (request.method !== 'GET' && request.method !== 'POST') {
        reply.header('allow', 'GET, POST')
        throw new HttpRefusal(405, 'Send GraphQL with GET or POST.')
      }
      return answer(request, reply, options)
    },
  })
  if (explorer) scope.get('/', (_request, reply) => reply.redirect('/graphql'))
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  options: GraphqlRouteOptions,
): Promise<FastifyReply> {
  const { method, body } = request
  // refused before it is executed: a mutation must not happen unseen
  if (!responseType(request.headers.accept)) {
    throw new HttpRefusal(406, 'Accept application/graphql-response+json or application/json.')
  }
  const context = await contextOf(request, reply, options)
  const headers = headerMap(request)
  const search = request.url.replace(/^[^?]*/, '')
  const response = await options.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method, headers, search, body },
    context: async () => context,
  })
  if (response.body.kind !== 'complete') throw new Error('incremental delivery is not used')
  const { status = 200, headers: answered } = response
  for (const [name, value] of answered) reply.header(name, value)
  const given = { status, body: response.body.string }
  return reply.code(status).send((status < 400 ? given : identifyRefusal(given, context)).body)
}

async function contextOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { authenticate, requestTimeoutMs, log }: GraphqlRouteOptions,
): Promise<GatewayContext> {
  const deadline = performance.now() + requestTimeoutMs
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return {
    viewer: await authenticate(request.headers.authorization),
    requestId: request.id,
    log: log.child({ requestId: request.id }),
    forwarded: forwardedHeaders(request),
    deadline,
    signal: gone.signal,
    answers: createAnswers(),
  }
}

function forwardedHeaders({ id, headers }: FastifyRequest): Record<string, string> {
  const { traceparent, tracestate } = headers
  const forwarded: Record<string, string> = { 'x-request-id': id }
  if (typeof traceparent === 'string' && TRACE_PARENT.test(traceparent)) {
    forwarded['traceparent'] = traceparent
    if (typeof tracestate === 'string') forwarded['tracestate'] = tracestate
  }
  return forwarded
}

function headerMap({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return map
}
