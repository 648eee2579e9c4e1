import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { SubgraphCall, Transport } from './transport.js'

export type InProcessSubgraph = Pick<Subgraph, 'execute'>

/** Calls a subgraph of this process: the same pipeline, headers and JSON as over HTTP, without the socket. */
export function createInProcessTransport(subgraph: InProcessSubgraph): Transport {
  return {
    send: ({ headers, body, signal }) =>
      orAborted(
        signal,
        subgraph.execute({ headers, body: JSON.parse(body), signal: connectionOf(signal) }),
      ),
    close: async () => {},
  }
}

/** What a subgraph sees of an ended call is a connection that is gone, here as over HTTP; why is not its business. */
function connectionOf(call: AbortSignal): AbortSignal {
  const connection = new AbortController()
  const close = () => connection.abort()
  if (call.aborted) close()
  else call.addEventListener('abort', close, { once: true })
  return connection.signal
}

/** A resolver cannot be interrupted, but nobody has to wait for it. */
function orAborted<T>(signal: SubgraphCall['signal'], work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
