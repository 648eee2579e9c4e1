import { ConfigError } from '@cinegraph/kit/config'
import { Pool } from 'undici'
import type { SubgraphCall, Transport } from './transport.js'

export interface HttpTransportOptions {
  name: string
  url: string
  connectTimeoutMs: number
  /** An answer with more bytes is not read to its end. */
  responseLimitBytes: number
  /** Connections to this subgraph at most. */
  connections: number
  onRetry: () => void
}

// what Node and undici say when the peer has closed the connection that the request was written to
const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** Calls a subgraph over pooled, kept-alive connections. A url that is not http(s) is a ConfigError. */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  const { origin, path } = parseUrl(options)
  const pool = new Pool(origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs },
    // the call's own signal bounds headers and body together, more exactly than these timers do
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: options.responseLimitBytes,
    keepAliveTimeout: 30_000,
  })
  const ask = ({ headers, body, signal }: SubgraphCall) =>
    pool.request({ method: 'POST', path, headers, body, signal })
  return {
    async send(call) {
      const response = await ask(call).catch((error: unknown) => {
        if (!call.repeatable || !isBrokenConnection(error)) throw error
        options.onRetry()
        return ask(call)
      })
      const { 'set-cookie': setCookie = [], 'cache-control': cacheControl } = response.headers
      return {
        status: response.statusCode,
        body: await response.body.text(),
        setCookie: [setCookie].flat(),
        cacheControl: cacheControl && [cacheControl].flat().join(),
      }
    },
    close: () => pool.destroy(),
  }
}

const isBrokenConnection = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && BROKEN_CONNECTION.has(String(error.code))

function parseUrl({ name, url }: HttpTransportOptions): { origin: string; path: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed && /^https?:$/.test(parsed.protocol)) {
    return { origin: parsed.origin, path: parsed.pathname + parsed.search }
  }
  throw new ConfigError([
    `SUBGRAPH_URLS: the supergraph gives no http(s) URL for subgraph ${name}, set one as ${name}=http://...`,
  ])
}
