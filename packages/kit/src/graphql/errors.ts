import type { ApolloServerPlugin, BaseContext } from '@apollo/server'
import {
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLErrorExtensions,
  type GraphQLFormattedError,
  isValueNode,
} from 'graphql'
import { APP_ERROR_CODES, AppError, DependencyError, OverloadError } from '../errors.js'
import type { Logger } from '../logger.js'
import { shortened, withoutValues } from './message.js'

/** Codes whose errors reach a client unchanged: our own and those of GraphQL over HTTP itself. */
const PUBLIC_CODES = new Set<unknown>([
  ...APP_ERROR_CODES,
  'SERVICE_UNAVAILABLE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'TOO_MANY_ERRORS',
  'UNAUTHORIZED_FIELD_OR_TYPE',
])

/** Codes under which graphql-js tells what is wrong with what it was given. */
const INPUT_CODES = new Set<unknown>([
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
])

// an error may point at every place of a document
const MAX_LOCATIONS = 10
const MAX_LOGGED_CAUSES = 10
const MAX_LOGGED_NAME = 64

interface Description {
  message: string
  extensions: GraphQLErrorExtensions
  severity: 'info' | 'warn' | 'error'
}

/** What the client is told of anything thrown, and how severe it is for the log. */
export function describeError(thrown: unknown): Description {
  const description = descriptionOf(causeOf(thrown))
  return { ...description, message: shortened(description.message) }
}

function descriptionOf(error: unknown): Description {
  if (error instanceof AppError) {
    return {
      message: error.message,
      extensions: { code: error.code, ...error.details },
      severity: error.code === 'FORBIDDEN' || error.code === 'RATE_LIMITED' ? 'warn' : 'info',
    }
  }
  if (error instanceof OverloadError) {
    const { extensions, ...description } = unavailable()
    const { retryAfterSeconds } = error
    return { ...description, extensions: { ...extensions, retryAfterSeconds }, severity: 'info' }
  }
  if (error instanceof DependencyError) return unavailable()
  if (error instanceof GraphQLError) return describeGraphQLError(error)
  return bug()
}

function describeGraphQLError(error: GraphQLError): Description {
  const message = withoutValues(error)
  const { code, stacktrace: _, serviceName: __, http: ___, ...rest } = error.extensions
  // a value that its scalar refuses is wrong input, whether it stands in the document or in a variable
  if (code === 'GRAPHQL_VALIDATION_FAILED' && error.nodes?.[0] && isValueNode(error.nodes[0])) {
    return { message, extensions: { code: 'BAD_USER_INPUT' }, severity: 'info' }
  }
  if (PUBLIC_CODES.has(code)) {
    // a caller that went away is nobody's failure, and a subgraph that has too much to do says when to come again
    const expected = isAbort(rootOf(error)) || rest['retryAfterSeconds'] !== undefined
    const failed = code === 'SERVICE_UNAVAILABLE' && !expected
    return { message, extensions: { code, ...rest }, severity: failed ? 'error' : 'info' }
  }
  // graphql-js gives no code to an argument that only execution finds wrong, such as a null variable over a default
  if (code === undefined && error.nodes?.[0] && isValueNode(error.nodes[0])) {
    return { message, extensions: { code: 'BAD_USER_INPUT' }, severity: 'info' }
  }
  return bug()
}

/** What was thrown before GraphQL wrapped it. An error with a code speaks for itself. */
function causeOf(thrown: unknown): unknown {
  const wraps = thrown instanceof GraphQLError && thrown.extensions['code'] === undefined
  return wraps && thrown.originalError ? thrown.originalError : thrown
}

/** The innermost error, which says most to those who read the log. */
function rootOf(thrown: unknown): unknown {
  return thrown instanceof GraphQLError && thrown.originalError
    ? rootOf(thrown.originalError)
    : thrown
}

const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError'

const bug = (): Description => ({
  message: 'Something went wrong on our side.',
  extensions: { code: 'INTERNAL_SERVER_ERROR' },
  severity: 'error',
})

const unavailable = (): Description => ({
  message: 'This part of the service is not available at the moment. Try again.',
  extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true },
  severity: 'error',
})

/** A GraphQLError for an answer that a dependency owed us, safe to send. */
export function unavailableError(cause?: unknown): GraphQLError {
  const { message, extensions } = unavailable()
  return new GraphQLError(message, {
    extensions,
    ...(cause instanceof Error ? { originalError: cause } : {}),
  })
}

/** `formatError` of every Apollo Server: the one mapper from anything thrown to what a client sees. */
export function formatError(
  formatted: GraphQLFormattedError,
  thrown: unknown,
): GraphQLFormattedError {
  const { message, extensions } = describeError(thrown)
  return {
    message,
    ...(formatted.locations ? { locations: formatted.locations.slice(0, MAX_LOCATIONS) } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
    extensions,
  }
}

const HTTP_STATUS: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
}

export interface HttpAnswer {
  status: number
  /** A GraphQL answer as JSON text. */
  body: string
}

/** The answer to a request that ends before GraphQL begins: one error. Logs it. */
export function refuseRequest(
  thrown: unknown,
  { requestId, log }: { requestId: string; log: Logger },
): HttpAnswer {
  logError(log, thrown)
  return refusalOf(thrown, requestId)
}

/** As `refuseRequest`, for what the caller has logged in words of its own. */
export function refusalOf(thrown: unknown, requestId: string): HttpAnswer {
  const { message, extensions } = describeError(thrown)
  const error = { message, extensions: { ...extensions, requestId } }
  return {
    status: HTTP_STATUS[String(extensions['code'])] ?? 500,
    body: JSON.stringify({ errors: [error] }),
  }
}

/**
 * Apollo answers some requests before any plugin runs, such as a body that is no GraphQL request:
 * their error is logged and gets its request id here.
 */
export function identifyRefusal(
  answer: HttpAnswer,
  request: { requestId: string; log: Logger },
): HttpAnswer {
  const { errors = [] } = JSON.parse(answer.body) as FormattedExecutionResult
  const unknown = errors.find(({ extensions }) => extensions?.['requestId'] === undefined)
  if (!unknown) return answer
  const { message, extensions = {} } = unknown
  const { body } = refuseRequest(new GraphQLError(message, { extensions }), request)
  return { status: answer.status, body }
}

function logError(log: Logger, thrown: unknown, where: Record<string, unknown> = {}): void {
  const { severity, extensions, message } = describeError(thrown)
  const attributes = { code: extensions['code'], ...where }
  if (severity === 'error') {
    log.error({ ...attributes, err: rootOf(thrown) }, 'request had an error')
    return
  }
  // what a client typed is nobody else's to read
  const typed = INPUT_CODES.has(extensions['code']) && !(causeOf(thrown) instanceof AppError)
  log[severity](typed ? attributes : { ...attributes, reason: message }, 'request had an error')
}

/** One failure may leave many fields without a value, so each cause is logged once, and not without end. */
function logCauses(
  log: Logger,
  errors: readonly GraphQLError[],
  operationName: string | null | undefined,
): void {
  const operation = operationName?.slice(0, MAX_LOGGED_NAME)
  const byCause = new Map(errors.map((error) => [rootOf(error), error]))
  const logged = [...byCause.values()].slice(0, MAX_LOGGED_CAUSES)
  for (const error of logged) logError(log, error, { path: error.path, operation })
  const more = byCause.size - logged.length
  if (more > 0) log.info({ more, operation }, 'request had more errors than are logged')
}

/** Logs errors at their own level, and gives every error of an answer the request's id. */
export function errorsPlugin<
  C extends BaseContext & { requestId: string; log: Logger },
>(): ApolloServerPlugin<C> {
  return {
    // Apollo itself would log its text only
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      logError(requestContext.contextValue.log, error)
    },
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue, operationName }) {
          logCauses(contextValue.log, errors, operationName)
        },
        async willSendResponse({ response, contextValue }) {
          if (response.body.kind !== 'single') return
          const { singleResult } = response.body
          if (!singleResult.errors) return
          singleResult.errors = singleResult.errors.map((error) => ({
            ...error,
            extensions: { ...error.extensions, requestId: contextValue.requestId },
          }))
        },
      }
    },
  }
}
