import type { ApolloServerPlugin } from '@apollo/server'
import type { GatewayContext } from './context.js'

/** Tells in the header `Retry-After` after how many seconds nothing of the operation is RATE_LIMITED any more. */
export const retryAfter: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        if (response.body.kind !== 'single') return
        const seconds = (response.body.singleResult.errors ?? [])
          .filter(({ extensions }) => extensions?.['code'] === 'RATE_LIMITED')
          .map(({ extensions }) => Number(extensions?.['retryAfterSeconds']))
          .filter((it) => Number.isFinite(it) && it > 0)
        if (seconds.length === 0) return
        response.http.headers.set('retry-after', String(Math.ceil(Math.max(...seconds))))
      },
    }
  },
}
