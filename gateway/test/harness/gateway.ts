import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { createGateway, type Gateway, type GatewayOptions } from '@cinegraph/gateway/gateway'
import { onTestFinished } from 'vitest'
import { startToyServer, type ToyServer } from './toy-server.js'
import { composeToys, type ToyName, toySchemas } from './toy-subgraphs.js'

export interface Toys {
  readonly gateway: Gateway
  readonly subgraphs: Readonly<Record<ToyName, ToyServer>>
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
}

/** A gateway over two toy subgraphs, everything on sockets of its own. Ends with the test. */
export async function startToys(options: Partial<GatewayOptions> = {}): Promise<Toys> {
  const [films, people] = await Promise.all([
    startToyServer(toySchemas.films),
    startToyServer(toySchemas.people),
  ])
  const log: Toys['log'][number][] = []
  const write = (line: string) => void log.push(JSON.parse(line) as Toys['log'][number])
  const metrics = createMetrics()
  const gateway = await createGateway({
    supergraphSdl: composeToys({ films: films.url, people: people.url }),
    host: '127.0.0.1',
    port: 0,
    log: createLogger({ name: 'test', level: 'trace' }, { write }),
    metrics,
    ...options,
  })
  onTestFinished(async () => {
    await gateway.stop(AbortSignal.timeout(2_000))
    await Promise.all([films.close(), people.close()])
  })
  await gateway.start()
  return {
    gateway,
    subgraphs: { films, people },
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
  const body = (await response.json()) as { data?: unknown; errors?: Answer['errors'] }
  return {
    status: response.status,
    headers: response.headers,
    data: body.data,
    errors: body.errors ?? [],
  }
}
