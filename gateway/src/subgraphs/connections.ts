import type { GraphQLDataSource } from '@apollo/gateway'
import { ConfigError } from '@cinegraph/kit/config'
import type { SignViewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { GatewayContext } from '../execution/context.js'
import type { GatewayMetrics } from '../metrics.js'
import { createSubgraphCookies } from './cookies.js'
import { createDataSource } from './data-source.js'
import { createHttpTransport } from './http-transport.js'
import { createInProcessTransport, type InProcessSubgraph } from './in-process-transport.js'
import type { Transport } from './transport.js'

export interface ConnectionsOptions {
  /** Subgraphs of this process, by name; the others are called at their URLs. */
  local: Readonly<Record<string, InProcessSubgraph>>
  /** URLs by name that replace those of the supergraph. */
  urls: Readonly<Record<string, string>>
  signViewer: SignViewer | undefined
  /** Names of the cookies that pass between the client and a subgraph, by its name. */
  cookies: Readonly<Record<string, readonly string[]>>
  log: Logger
  metrics: GatewayMetrics
  timeoutMs: number
  connectTimeoutMs: number
  connections: number
  responseLimitBytes: number
}

/** The gateway's ways to its subgraphs. */
export interface Connections {
  /** Opens the way to one subgraph of the supergraph. */
  readonly open: (subgraph: { name: string; url: string }) => GraphQLDataSource<GatewayContext>
  /** Throws ConfigError when settings name a subgraph that was not opened. */
  readonly assertAllUsed: () => void
  readonly close: () => Promise<void>
}

export function createConnections(options: ConnectionsOptions): Connections {
  const { local, urls, metrics, timeoutMs, signViewer, log } = options
  const transports = new Map<string, Transport>()
  const connect = (name: string, url: string): Transport => {
    const subgraph = local[name]
    if (subgraph) return createInProcessTransport(subgraph)
    const onRetry = () => metrics.countRetry(name)
    return createHttpTransport({ ...options, name, url: urls[name] ?? url, onRetry })
  }
  return {
    open({ name, url }) {
      const transport = connect(name, url)
      transports.set(name, transport)
      return createDataSource({
        name,
        transport,
        timeoutMs,
        signViewer,
        metrics,
        cookies: createSubgraphCookies(options.cookies[name] ?? [], log.child({ subgraph: name })),
      })
    },
    assertAllUsed() {
      const known = [...transports.keys()].join(', ')
      const problemsOf = (setting: string, named: object) =>
        Object.keys(named)
          .filter((name) => !transports.has(name))
          .map((name) => `${setting}: there is no subgraph ${name}, there are ${known}`)
      const problems = [
        ...problemsOf('SUBGRAPH_URLS', { ...local, ...urls }),
        ...problemsOf('SUBGRAPH_COOKIES', options.cookies),
      ]
      if (problems.length > 0) throw new ConfigError(problems)
    },
    async close() {
      await Promise.all([...transports.values()].map((transport) => transport.close()))
    },
  }
}
