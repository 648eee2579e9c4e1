import { ConfigError } from '@cinegraph/kit/config'
import type { SubgraphAnswer } from '@cinegraph/kit/graphql/subgraph'
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

// shorter than SHUTDOWN_DELAY_MS had better be
const IDLE_MS = 4_000
// what Node and undici say when the peer has closed the connection that the request was written to
const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])
// nobody listens, so nothing was sent
const REFUSED_CONNECTION = 'ECONNREFUSED'
// of a process that is not ready, or of a balancer that lost the process it had chosen
const NOT_THERE = new Set([502, 503, 504])

/**
 * Calls a subgraph over pooled, kept-alive connections. What one of its processes did not answer is asked once more, of whichever
 * process answers then: a read always, anything else when it was certainly not sent. A url that is not http(s) is a ConfigError.
 */
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
    // whatever the subgraph offers: one that is about to stop closes idle connections after a while, and must not meet a call then
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
  })
  const ask = async ({ headers, body, signal }: SubgraphCall): Promise<SubgraphAnswer> => {
    const response = await pool.request({ method: 'POST', path, headers, body, signal })
    const { 'set-cookie': setCookie = [], 'cache-control': cacheControl } = response.headers
    return {
      status: response.statusCode,
      body: await response.body.text(),
      setCookie: [setCookie].flat(),
      cacheControl: cacheControl && [cacheControl].flat().join(),
    }
  }
  return {
    async send(call) {
      const first = await ask(call).catch((error: unknown) => {
        if (!mayRepeat(error, call)) throw error
        return undefined
      })
      if (first && !(call.repeatable && NOT_THERE.has(first.status))) return first
      options.onRetry()
      return ask(call)
    },
    close: () => pool.destroy(),
  }
}

function mayRepeat(error: unknown, { repeatable }: SubgraphCall): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === REFUSED_CONNECTION || (repeatable && BROKEN_CONNECTION.has(code))
}

function parseUrl({ name, url }: HttpTransportOptions): { origin: string; path: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed && /^https?:$/.test(parsed.protocol)) {
    return { origin: parsed.origin, path: parsed.pathname + parsed.search }
  }
  throw new ConfigError([
    `SUBGRAPH_URLS: the supergraph gives no http(s) URL for subgraph ${name}, set one as ${name}=http://...`,
  ])
}
