import './no-telemetry.js'
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import type { ApolloServerOptions } from '@apollo/server'
import { ConfigError } from '@cinegraph/kit/config'
import type { Logger } from '@cinegraph/kit/logger'
import { GraphQLError } from 'graphql'
import {
  type Authorization,
  createAuthorization,
  rejection,
  type Restricted,
} from '../authorization/authorization.js'
import type { GatewayMetrics } from '../metrics.js'
import type { GatewayContext } from './context.js'
import { createErrorReport } from './error-report.js'
import { placeErrors } from './place-errors.js'
import { operationOf } from './selections.js'

type Gateway = NonNullable<ApolloServerOptions<GatewayContext>['gateway']>
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>
type Result = Awaited<ReturnType<Executor>>

export interface PlannerOptions {
  supergraphSdl: string
  /** Called once per subgraph of the supergraph. */
  dataSourceFor: (subgraph: { name: string; url: string }) => GraphQLDataSource
  unauthorizedFields: UnauthorizedFields
  metrics: Pick<GatewayMetrics, 'countUnauthorized'>
  log: Logger
}

/** What becomes of an operation with fields that its viewer may not have: it goes without them, or not at all. */
export type UnauthorizedFields = 'null' | 'reject'

/** Plans and executes operations over the subgraphs. A supergraph it cannot load or enforce is a ConfigError. */
export function createPlanner(options: PlannerOptions): Gateway {
  const { dataSourceFor, log } = options
  const authorization = authorizationOf(options)
  const gateway = new ApolloGateway({
    supergraphSdl: authorization.supergraphSdl,
    buildService: ({ name, url = '' }) => dataSourceFor({ name, url }),
    // composition has validated it; repeating that costs start time
    validateSupergraph: false,
    __exposeQueryPlanExperimental: false,
    // its news are of no interest, and what goes wrong it throws
    logger: quiet(log),
  })
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    async load(apollo) {
      const { executor } = await gateway.load(apollo).catch((error: unknown) => {
        throw loadProblem(error)
      })
      return { executor: createExecutor({ ...options, executor, authorization }) }
    },
    stop: () => gateway.stop(),
  }
}

function authorizationOf({ supergraphSdl }: PlannerOptions): Authorization {
  try {
    return createAuthorization(supergraphSdl)
  } catch (error) {
    throw loadProblem(error)
  }
}

interface ExecutorOptions extends PlannerOptions {
  executor: Executor
  authorization: Authorization
}

function createExecutor(options: ExecutorOptions): Executor {
  const { executor, authorization, unauthorizedFields, metrics } = options
  return async (request) => {
    // Apollo types it as always there, and leaves it to the executor to find that it is not
    if (!(request.operation as unknown))
      return { errors: [noOperation(request.request.operationName)] }
    const { viewer } = request.context as GatewayContext
    const { document, operation, queryHash } = request
    const variables = request.request.variables ?? {}
    const restricted = authorization.restrict({ document, operation, queryHash, variables, viewer })
    if (!restricted) return execute(executor, request)
    const { refusals } = restricted
    metrics.countUnauthorized(viewer.kind, refusals.length)
    if (unauthorizedFields === 'reject' && refusals.length > 0) {
      return { data: null, errors: [rejection(refusals)] }
    }
    return execute(executor, request, restricted)
  }
}

async function execute(
  executor: Executor,
  request: Parameters<Executor>[0],
  restricted?: Restricted,
): Promise<Result> {
  const executed = restricted ? { ...request, ...restricted.planned } : request
  const result = await executor(executed)
  const { signal, answers } = request.context as GatewayContext
  if (signal.aborted) return { errors: [clientGone()] }
  if (!restricted && answers.problems.length === 0) return result
  const report = createErrorReport()
  for (const { path, toError } of restricted?.refusals ?? []) report.add(path, toError)
  const operation = operationOf(executed.operation, executed.document)
  const reported = placeErrors(answers, { data: result.data, operation }, report)
  // a null where none may be is explained by the errors; the executor's own list of those nulls adds nothing
  const errors = [...(result.errors ?? []), ...reported]
  const data = (result.data && restricted ? restricted.complete(result.data) : result.data) ?? null
  return errors.length > 0 ? { data, errors } : { ...result, data }
}

const noOperation = (name: string | undefined) =>
  new GraphQLError(
    name === undefined
      ? 'Give an operationName: the document has several operations.'
      : `The document has no operation named "${name}".`,
  )

/** Nobody receives it; it keeps an abandoned request from being logged as a failure of ours. */
const clientGone = () =>
  new GraphQLError('The client closed the request.', { extensions: { code: 'BAD_REQUEST' } })

function loadProblem(error: unknown): unknown {
  if (error instanceof ConfigError || !(error instanceof Error)) return error
  const reason = error.message.replace(/\s+/g, ' ')
  return new ConfigError([`SUPERGRAPH_PATH: not a supergraph this gateway can serve: ${reason}`])
}

const quiet = (log: Logger) => ({
  debug: (message?: unknown) => log.trace({ message }, 'planner'),
  info: (message?: unknown) => log.debug({ message }, 'planner'),
  warn: (message?: unknown) => log.warn({ message }, 'planner'),
  error: (message?: unknown) => log.error({ message }, 'planner'),
})
