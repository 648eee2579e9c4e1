import type { ApolloServerPlugin, BaseContext } from '@apollo/server'

/** In the extensions of an answer: what was answered by something that stands in for it, e.g. `["search"]`. */
export const DEGRADED = 'degraded'

/** Names in the extensions of every answer what is degraded while it is sent. */
export const degradedPlugin = <C extends BaseContext>(
  degraded: (context: C) => Iterable<string>,
): ApolloServerPlugin<C> => ({
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        const names = [...degraded(contextValue)]
        if (names.length === 0 || response.body.kind !== 'single') return
        const { singleResult } = response.body
        singleResult.extensions = { ...singleResult.extensions, [DEGRADED]: names }
      },
    }
  },
})
