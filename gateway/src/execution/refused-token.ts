import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError } from 'graphql'
import type { GatewayContext } from './context.js'
import { operationOf, rootFieldsOf } from './selections.js'

/**
 * Answers an access token in a cookie that does not count with 401, unless all that is asked for are fields which renew
 * it. A browser sends the cookie along with those as well; were it taken away instead, whatever the page asked for until
 * it has a new one would be answered as to nobody.
 */
export const refusedToken = (
  renewalFields: ReadonlySet<string>,
): ApolloServerPlugin<GatewayContext> => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ contextValue, operation, document, response }) {
        const { refusal, log } = contextValue
        // without an operation there is nothing to answer, and the executor says so
        if (!refusal || !operation) return
        const fields = rootFieldsOf(operationOf(operation, document))
        if (fields.every((it) => renewalFields.has(it))) return
        log.debug({ cause: String(refusal.cause) }, 'token was refused')
        response.http.headers.set('www-authenticate', 'Bearer error="invalid_token"')
        throw new GraphQLError(refusal.message, {
          originalError: refusal,
          extensions: { code: refusal.code, http: { status: 401 } },
        })
      },
    }
  },
})
