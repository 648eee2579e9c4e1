import type { GraphQLDataSource } from '@apollo/gateway'
import { clientHeaders } from '@cinegraph/kit/client'
import { DEADLINE_HEADER } from '@cinegraph/kit/graphql/deadline'
import { type SignViewer, VIEWER_HEADER } from '@cinegraph/kit/identity'
import type { Fetch, Json } from '../execution/answers.js'
import { type CachePolicy, sharedSeconds } from '../execution/cache-control.js'
import type { GatewayContext } from '../execution/context.js'
import type { GatewayMetrics } from '../metrics.js'
import type { SubgraphCookies } from './cookies.js'
import { type Answer, readAnswer } from './read-answer.js'
import { SubgraphFailure, type Transport } from './transport.js'

export interface DataSourceOptions {
  name: string
  transport: Transport
  /** The longest a single call may take; less when the client's own time runs out before. */
  timeoutMs: number
  signViewer?: SignViewer | undefined
  cookies: SubgraphCookies
  metrics: GatewayMetrics
}

type Process = GraphQLDataSource<GatewayContext>['process']
type Request = Parameters<Process>[0]['request']

/**
 * The planner's way to one subgraph. Errors are not returned to it but noted in the context's answers:
 * it would lose their paths.
 */
export function createDataSource(options: DataSourceOptions): GraphQLDataSource<GatewayContext> {
  const { name, metrics } = options
  return {
    async process(given) {
      if (!('incomingRequestContext' in given)) throw new Error('only operations reach subgraphs')
      const { request, context, pathInIncomingRequest: path = [] } = given
      const fetch = fetchOf(name, path, request)
      const policy = given.incomingRequestContext.overallCachePolicy as CachePolicy
      const observe = metrics.startSubgraphCall(name)
      try {
        const { setCookie, maxAge, ...answer } = await ask({ ...options, fetch, request, context })
        observe(answer.errors ? 'errors' : 'ok')
        note(context, fetch, answer)
        policy.restrict({ maxAge })
        context.cookies.toSet.push(...options.cookies.passed(setCookie))
        return { data: answer.data }
      } catch (error) {
        if (!(error instanceof SubgraphFailure)) throw error
        observe(error.kind)
        policy.restrict({ maxAge: 0 })
        context.answers.addProblem({ fetch, kind: 'failed', error })
        return { data: null }
      }
    },
  }
}

const fetchOf = (subgraph: string, path: Fetch['path'], request: Request): Fetch => ({
  subgraph,
  path,
  query: request.query ?? '',
  representations: request.variables?.['representations'] as readonly Json[] | undefined,
})

function note({ answers }: GatewayContext, fetch: Fetch, { data, errors, degraded }: Answer): void {
  answers.addData(fetch, data)
  if (degraded) answers.addDegraded(degraded)
  if (errors) answers.addProblem({ fetch, kind: 'reported', errors, hasData: data !== null })
}

interface Question extends DataSourceOptions {
  fetch: Fetch
  request: Request
  context: GatewayContext
}

interface Received extends Answer {
  setCookie: readonly string[]
  /** Seconds for which it may be shared. */
  maxAge: number
}

async function ask(question: Question): Promise<Received> {
  const { name, transport, fetch, request, context, timeoutMs } = question
  const left = Math.min(timeoutMs, Math.floor(context.deadline - performance.now()))
  if (left <= 0)
    throw new SubgraphFailure(name, 'timeout', { reason: 'was not asked: no time was left' })
  const headers = await headersOf(question, left)
  const { query, variables, operationName } = request
  const body = JSON.stringify({ query, variables, operationName })
  const repeatable = !fetch.query.startsWith('mutation')
  const answer = await within(left, question, (signal) =>
    transport.send({ headers, body, signal, repeatable }),
  )
  const read = readAnswer(fetch, answer)
  return {
    ...read,
    setCookie: answer.setCookie ?? [],
    maxAge: read.errors ? 0 : sharedSeconds(answer.cacheControl),
  }
}

async function headersOf(
  { name, context, signViewer, cookies }: Question,
  timeoutMs: number,
): Promise<Record<string, string>> {
  const cookie = cookies.headerOf(context.cookies.received)
  return {
    ...context.forwarded,
    ...clientHeaders(context.client),
    ...(cookie !== undefined && { cookie }),
    'content-type': 'application/json',
    accept: 'application/json',
    [DEADLINE_HEADER]: String(timeoutMs),
    ...(signViewer && { [VIEWER_HEADER]: await signViewer(context.viewer, name) }),
  }
}

/** Runs `send` until it answers, `ms` have passed or the client has gone; the two latter abort it. */
async function within<T>(
  ms: number,
  { name, context }: Question,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const call = new AbortController()
  const abort = (failure: SubgraphFailure) => call.abort(failure)
  const expire = () =>
    abort(new SubgraphFailure(name, 'timeout', { reason: `did not answer in ${ms} ms` }))
  const abandon = () =>
    abort(new SubgraphFailure(name, 'abandoned', { reason: 'the client has gone' }))
  const timer = setTimeout(expire, ms)
  context.signal.addEventListener('abort', abandon, { once: true })
  if (context.signal.aborted) abandon()
  try {
    return await send(call.signal)
  } catch (cause) {
    if (call.signal.aborted) throw call.signal.reason
    throw new SubgraphFailure(name, 'unreachable', { reason: 'gave no answer', cause })
  } finally {
    clearTimeout(timer)
    context.signal.removeEventListener('abort', abandon)
  }
}
