import { ApolloServer, type ApolloServerOptions } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { degradedPlugin } from '@cinegraph/kit/graphql/degraded'
import { errorsPlugin, formatError } from '@cinegraph/kit/graphql/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { OperationLimits } from '../limits/operation-limits.js'
import { limitsPlugin } from '../limits/plugin.js'
import type { GatewayMetrics } from '../metrics.js'
import { cacheControl } from './cache-control.js'
import type { GatewayContext } from './context.js'
import { refusedToken } from './refused-token.js'
import { requestLog } from './request-log.js'
import { retryAfter } from './retry-after.js'

export interface ServerOptions {
  gateway: NonNullable<ApolloServerOptions<GatewayContext>['gateway']>
  introspection: boolean
  limits: OperationLimits
  /** Fields that answer also when the access token in a cookie does not count. */
  renewalFields: ReadonlySet<string>
  metrics: GatewayMetrics
  log: Logger
}

/** The GraphQL pipeline. Nothing is left to NODE_ENV, and nothing is reported to anyone. */
export const createServer = (options: ServerOptions): ApolloServer<GatewayContext> =>
  new ApolloServer<GatewayContext>({
    gateway: options.gateway,
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    parseOptions: {
      maxSourceLength: options.limits.characters,
      maxLexicalTokens: options.limits.tokens,
    },
    validationOptions: { maxErrors: 10 },
    formatError,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    logger: options.log,
    plugins: [
      errorsPlugin<GatewayContext>(),
      options.metrics.plugin,
      requestLog,
      retryAfter,
      degradedPlugin<GatewayContext>(({ answers }) => answers.degraded),
      cacheControl,
      refusedToken(options.renewalFields),
      limitsPlugin({ limits: options.limits, suggestions: options.introspection }),
      // knows neither viewers nor mutations
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  })
