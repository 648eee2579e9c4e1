import type { ApolloServerPlugin } from '@apollo/server'
import { UNAUTHORIZED } from '../authorization/authorization.js'
import type { GatewayContext } from './context.js'

const MAX_NAME_LENGTH = 64

/** One line at the end of each operation. What went wrong has lines of its own, under the same request id. */
export const requestLog: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    const began = performance.now()
    return {
      async willSendResponse({ contextValue, operationName, operation, response }) {
        if (response.body.kind !== 'single') return
        const { errors = [] } = response.body.singleResult
        const unauthorized = errors.filter(
          ({ extensions }) => extensions?.['code'] === UNAUTHORIZED,
        )
        const attributes = {
          operation: operationName?.slice(0, MAX_NAME_LENGTH),
          type: operation?.operation,
          viewer: contextValue.viewer.kind,
          errors: errors.length,
          ...(unauthorized.length > 0 && { unauthorized: unauthorized.length }),
          ms: Math.round(performance.now() - began),
        }
        contextValue.log.info(attributes, 'operation answered')
      },
    }
  },
}
