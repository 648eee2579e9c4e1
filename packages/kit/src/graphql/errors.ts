import type { ApolloServerPlugin, BaseContext } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLErrorExtensions, type GraphQLFormattedError } from 'graphql'
import { APP_ERROR_CODES, AppError, DependencyError } from '../errors.js'
import type { Logger } from '../logger.js'

/** Codes that reach a client unchanged: our own and those of GraphQL over HTTP itself. */
const PUBLIC_CODES = new Set<unknown>([
  ...APP_ERROR_CODES,
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
])

type Severity = 'info' | 'warn' | 'error'

/** What the client is told of anything thrown, and how severe it is for the log. */
export function describeError(thrown: unknown): {
  message: string
  extensions: GraphQLErrorExtensions
  severity: Severity
} {
  const error = unwrapResolverError(thrown)
  if (error instanceof AppError) {
    return {
      message: error.message,
      extensions: { code: error.code, ...error.details },
      severity: error.code === 'FORBIDDEN' || error.code === 'RATE_LIMITED' ? 'warn' : 'info',
    }
  }
  if (error instanceof DependencyError) return unavailable()
  if (error instanceof GraphQLError && PUBLIC_CODES.has(error.extensions['code'])) {
    const { stacktrace: _, serviceName: __, http: ___, ...extensions } = error.extensions
    const code = extensions['code']
    const severity =
      code === 'INTERNAL_SERVER_ERROR' || code === 'SERVICE_UNAVAILABLE' ? 'error' : 'info'
    return { message: error.message, extensions, severity }
  }
  return {
    message: 'Something went wrong on our side.',
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
    severity: 'error',
  }
}

const unavailable = () => ({
  message: 'This part of the service is not available at the moment. Try again.',
  extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true },
  severity: 'error' as const,
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
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
    extensions,
  }
}

/** Logs each error once, at its own level, and gives every error of an answer the request's id. */
export function errorsPlugin<
  C extends BaseContext & { requestId: string; log: Logger },
>(): ApolloServerPlugin<C> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue, operationName }) {
          for (const error of errors) {
            const { severity, extensions } = describeError(error)
            const attributes = {
              code: extensions['code'],
              path: error.path,
              operation: operationName,
            }
            const cause = unwrapResolverError(error)
            contextValue.log[severity](
              severity === 'error'
                ? { ...attributes, err: cause }
                : { ...attributes, reason: error.message },
              'request had an error',
            )
          }
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
