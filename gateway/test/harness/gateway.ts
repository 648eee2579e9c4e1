import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { createGateway, type Gateway, type GatewayOptions } from '@cinegraph/gateway/gateway'
import type { GraphQLSchema } from 'graphql'
import { onTestFinished } from 'vitest'
import { composeGuarded, type GuardedName, guardedSchemas } from './guarded-subgraphs.js'
import { startToyServer, type ToyServer } from './toy-server.js'
import { composeToys, type ToyName, toySchemas } from './toy-subgraphs.js'

export interface Toys<Name extends string = ToyName> {
  readonly gateway: Gateway
  readonly subgraphs: Readonly<Record<Name, ToyServer>>
  /** Parsed log lines, every level. */
  readonly log: readonly { level: string; msg: string; [attribute: string]: unknown }[]
  readonly metrics: () => Promise<string>
  readonly post: (query: string, init?: PostOptions) => Promise<Answer>
}

export interface PostOptions {
  variables?: object
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface Answer {
  status: number
  headers: Headers
  data: unknown
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[]
  extensions: unknown
}

/** A gateway over two toy subgraphs, everything on sockets of its own. Ends with the test. */
export const startToys = (options: Partial<GatewayOptions> = {}): Promise<Toys> =>
  startOver({ schemas: toySchemas, compose: composeToys }, options)

/** As `startToys`, over subgraphs with guarded fields. `done` are the mutations that were executed, in order. */
export async function startGuarded(
  options: Partial<GatewayOptions> = {},
): Promise<Toys<GuardedName> & { readonly done: readonly string[] }> {
  const done: string[] = []
  const schemas = guardedSchemas(done)
  return { ...(await startOver({ schemas, compose: composeGuarded }, options)), done }
}

interface Subgraphs<Name extends string> {
  schemas: Readonly<Record<Name, GraphQLSchema>>
  /** A supergraph with these URLs in it. */
  compose: (urls: Readonly<Record<Name, string>>) => string
}

async function startOver<Name extends string>(
  { schemas, compose }: Subgraphs<Name>,
  options: Partial<GatewayOptions>,
): Promise<Toys<Name>> {
  const servers = await Promise.all(
    Object.entries<GraphQLSchema>(schemas).map(
      async ([name, schema]) => [name as Name, await startToyServer(schema)] as const,
    ),
  )
  const subgraphs = Object.fromEntries(servers) as Record<Name, ToyServer>
  const urls = Object.fromEntries(servers.map(([name, { url }]) => [name, url]))
  const log: Toys['log'][number][] = []
  const write = (line: string) => void log.push(JSON.parse(line) as Toys['log'][number])
  const metrics = createMetrics()
  const gateway = await createGateway({
    supergraphSdl: compose(urls as Record<Name, string>),
    host: '127.0.0.1',
    port: 0,
    log: createLogger({ name: 'test', level: 'trace' }, { write }),
    metrics,
    ...options,
  })
  onTestFinished(async () => {
    await gateway.stop(AbortSignal.timeout(2_000))
    await Promise.all(servers.map(([, server]) => server.close()))
  })
  await gateway.start()
  return {
    gateway,
    subgraphs,
    log,
    metrics: () => metrics.metrics(),
    post: (query, init) => postTo(gateway.url, query, init),
  }
}

export async function postTo(url: string, query: string, init: PostOptions = {}): Promise<Answer> {
  const { variables, headers, signal } = init
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
    ...(signal && { signal }),
  })
  const body = (await response.json()) as Partial<Answer>
  return {
    status: response.status,
    headers: response.headers,
    data: body.data,
    errors: body.errors ?? [],
    extensions: body.extensions,
  }
}
