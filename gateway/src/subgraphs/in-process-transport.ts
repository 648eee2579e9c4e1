import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { SubgraphCall, Transport } from './transport.js'

export type InProcessSubgraph = Pick<Subgraph, 'execute'>

/** Calls a subgraph of this process: the same pipeline, headers and JSON as over HTTP, without the socket. */
export function createInProcessTransport(subgraph: InProcessSubgraph): Transport {
  return {
    send: ({ headers, body, signal }) =>
      orAborted(signal, subgraph.execute({ headers, body: JSON.parse(body), signal })),
    close: async () => {},
  }
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
