import './no-telemetry.js'
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import type { ApolloServerOptions } from '@apollo/server'
import { ConfigError } from '@cinegraph/kit/config'
import type { Logger } from '@cinegraph/kit/logger'
import { GraphQLError } from 'graphql'
import type { GatewayContext } from './context.js'
import { placeErrors } from './place-errors.js'
import { operationOf } from './selections.js'

type Gateway = NonNullable<ApolloServerOptions<GatewayContext>['gateway']>
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>
type Result = Awaited<ReturnType<Executor>>

export interface PlannerOptions {
  supergraphSdl: string
  /** Called once per subgraph of the supergraph. */
  dataSourceFor: (subgraph: { name: string; url: string }) => GraphQLDataSource
  log: Logger
}

/** Plans and executes operations over the subgraphs. A supergraph it cannot load is a ConfigError. */
export function createPlanner({ supergraphSdl, dataSourceFor, log }: PlannerOptions): Gateway {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url = '' }) => dataSourceFor({ name, url }),
    // composition has validated it; repeating that costs start time
    validateSupergraph: false,
    __exposeQueryPlanExperimental: false,
    // its news are of no interest, and what goes wrong it throws
    logger: quiet(log),
  })
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    async load(options) {
      const { executor } = await gateway.load(options).catch((error: unknown) => {
        throw loadProblem(error)
      })
      return { executor: (request) => execute(executor, request) }
    },
    stop: () => gateway.stop(),
  }
}

async function execute(executor: Executor, request: Parameters<Executor>[0]): Promise<Result> {
  // Apollo types it as always there, and leaves it to the executor to find that it is not
  if (!(request.operation as unknown))
    return { errors: [noOperation(request.request.operationName)] }
  const result = await executor(request)
  const { signal, answers } = request.context as GatewayContext
  if (signal.aborted) return { errors: [clientGone()] }
  if (answers.problems.length === 0) return result
  const operation = operationOf(request.operation, request.document)
  const errors = [...(result.errors ?? []), ...placeErrors(answers, result.data, operation)]
  // a null where none may be is explained by the errors; the executor's own list of those nulls adds nothing
  return errors.length > 0 ? { data: result.data ?? null, errors } : result
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
