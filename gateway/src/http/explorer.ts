import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzipSync, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { examplesIn } from './explorer-examples.js'
import { sandboxPage } from './sandbox-page.js'

export interface ExplorerOptions {
  /** Which explorer a browser gets. Sandbox has GraphiQL beside it, at `?explorer=graphiql`; GraphiQL is alone. */
  page: 'graphiql' | 'sandbox'
  /** GraphQL text; each operation in it, with the comments above it, opens in a tab of its own. */
  examples?: string | undefined
}

export type ServeExplorer = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

interface Page {
  gzipped: Buffer
  etag: string
  csp: string
}

/** Serves the page that browsers see on `/graphql`. Pages are made when first asked for: GraphiQL has 9 MB. */
export function createExplorer(options: ExplorerOptions): ServeExplorer {
  const pages = {
    graphiql: once(() => graphiqlPage(options.examples)),
    sandbox: once(() => pageOf(sandboxPage(examplesIn(options.examples)[0]!), SANDBOX_SOURCES)),
  }
  return async (request, reply) => {
    const { explorer } = request.query as { explorer?: unknown }
    const asked = explorer === 'graphiql' ? explorer : options.page
    const { gzipped, etag, csp } = await pages[asked]()
    reply
      .header('etag', etag)
      .header('cache-control', 'no-cache')
      .header('vary', 'accept, accept-encoding')
      .header('content-security-policy', csp)
      .header('x-content-type-options', 'nosniff')
      .type('text/html; charset=utf-8')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
      return reply.send(gunzipSync(gzipped))
    }
    return reply.header('content-encoding', 'gzip').send(gzipped)
  }
}

const VENDOR = 'https://*.apollographql.com'
const GRAPHIQL_SOURCES = { scripts: '', others: [`connect-src 'self'`, 'worker-src blob:'] }
const SANDBOX_SOURCES = {
  scripts: 'https://embeddable-sandbox.cdn.apollographql.com',
  others: [`connect-src 'self' ${VENDOR}`, `frame-src ${VENDOR}`],
}

async function graphiqlPage(examples: string | undefined): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const html = renderGraphiQL({
    endpoint: '/graphql',
    title: 'Cinegraph',
    defaultTabs: examplesIn(examples).map((query) => ({ query })),
    schemaDescription: true,
    shouldPersistHeaders: false,
  })
  return pageOf(html.trim(), GRAPHIQL_SOURCES)
}

async function pageOf(html: string, sources: typeof GRAPHIQL_SOURCES): Promise<Page> {
  const script = html.slice(
    html.indexOf('<script>') + '<script>'.length,
    html.lastIndexOf('</script>'),
  )
  const hash = createHash('sha256').update(script).digest('base64')
  const csp = [
    `default-src 'none'`,
    `script-src 'sha256-${hash}' ${sources.scripts}`.trimEnd(),
    `style-src 'unsafe-inline'`,
    `img-src 'self' data: https:`,
    `font-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'self'`,
    ...sources.others,
  ].join('; ')
  const etag = `"${createHash('sha256').update(html).digest('base64url')}"`
  return { gzipped: await promisify(gzip)(html), etag, csp }
}

/** Makes it when first asked for, and again when that failed. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    }))
}
