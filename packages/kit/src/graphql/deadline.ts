import type { ApolloServerPlugin } from '@apollo/server'
import { unavailableError } from './errors.js'

/** Milliseconds that the caller still waits; set by the gateway on every subgraph call. */
export const DEADLINE_HEADER = 'x-cinegraph-timeout-ms'

const MAX_TIMEOUT_MS = 60_000

/** Aborts when the caller has stopped waiting. Without a usable header: after one minute. */
export function deadlineFrom(header: string | undefined): AbortSignal {
  const asked = Number(header)
  return AbortSignal.timeout(asked > 0 && asked < MAX_TIMEOUT_MS ? asked : MAX_TIMEOUT_MS)
}

/** Starts no resolver whose answer nobody waits for any more. */
export function deadlinePlugin<C extends { signal: AbortSignal }>(): ApolloServerPlugin<C> {
  return {
    async requestDidStart() {
      return {
        async executionDidStart() {
          return {
            willResolveField({ contextValue, info }) {
              // leaves are already loaded; checking composite fields is enough and costs little
              if (contextValue.signal.aborted && info.fieldNodes[0]?.selectionSet) {
                throw unavailableError(contextValue.signal.reason)
              }
            },
          }
        },
      }
    },
  }
}
