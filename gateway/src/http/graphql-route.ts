import { type ApolloServer, HeaderMap } from '@apollo/server'
import { AppError } from '@cinegraph/kit/errors'
import { identifyRefusal } from '@cinegraph/kit/graphql/errors'
import { ANONYMOUS } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createAnswers } from '../execution/answers.js'
import type { GatewayContext } from '../execution/context.js'
import type { Authenticate, Credentials } from '../identity/authenticate.js'
import { addressOf } from './client-address.js'
import { type CookieRules, cookiesOf, requireSettable } from './cookies.js'
import { errorHandler, HttpRefusal } from './errors.js'
import type { ServeExplorer } from './explorer.js'
import { responseType, wantsPage } from './media-type.js'

export interface GraphqlRouteOptions {
  server: ApolloServer<GatewayContext>
  authenticate: Authenticate
  cookies: CookieRules
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
  forbidCaching(reply)
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
  requireSettable(request, context.cookies.toSet, options.cookies)
  if (context.cookies.toSet.length > 0) reply.header('set-cookie', context.cookies.toSet)
  const given = { status, body: response.body.string }
  return reply.code(status).send((status < 400 ? given : identifyRefusal(given, context)).body)
}

async function contextOf(
  request: FastifyRequest,
  reply: FastifyReply,
  options: GraphqlRouteOptions,
): Promise<GatewayContext> {
  const deadline = performance.now() + options.requestTimeoutMs
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  const received = cookiesOf(request, options.cookies)
  const credentials = {
    authorization: request.headers.authorization,
    cookie: received[options.cookies.accessToken ?? ''],
  }
  return {
    ...(await whoAsks(credentials, options)),
    personal: request.headers.authorization !== undefined || request.headers.cookie !== undefined,
    requestId: request.id,
    log: options.log.child({ requestId: request.id }),
    forwarded: forwardedHeaders(request),
    client: { address: addressOf(request.ip), userAgent: request.headers['user-agent'] },
    cookies: { received, toSet: [] },
    deadline,
    signal: gone.signal,
    answers: createAnswers(),
  }
}

/** A token in a header that does not count ends the request here; one in a cookie may have come to be renewed. */
async function whoAsks(
  credentials: Credentials,
  { authenticate }: GraphqlRouteOptions,
): Promise<Pick<GatewayContext, 'viewer' | 'refusal'>> {
  try {
    return { viewer: await authenticate(credentials) }
  } catch (error) {
    const refused = error instanceof AppError && error.code === 'UNAUTHENTICATED'
    if (!refused || credentials.authorization !== undefined) throw error
    return { viewer: ANONYMOUS, refusal: error }
  }
}

/** Until an operation has been answered that may be cached; then its answer is not for those who say who they are. */
function forbidCaching(reply: FastifyReply): void {
  const vary = [reply.getHeader('vary') ?? [], 'accept', 'authorization', 'cookie']
    .flat()
    .join(', ')
  reply.header('cache-control', 'no-store').header('vary', vary)
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
