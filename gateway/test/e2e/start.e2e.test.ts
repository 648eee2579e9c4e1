import { ConfigError, parseConfig } from '@cinegraph/kit/config'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { expect, it, onTestFinished } from 'vitest'
import { gatewayConfig } from '@cinegraph/gateway/config'
import { createGateway } from '@cinegraph/gateway/gateway'
import { optionsFrom } from '@cinegraph/gateway/options'
import { fileWith } from '../harness/gateway-process.js'
import { composeToys } from '../harness/toy-subgraphs.js'

const URLS = { films: 'http://127.0.0.1:1/graphql', people: 'http://127.0.0.1:1/graphql' }
const supergraph = composeToys(URLS)

async function start(content: string, env: Record<string, string> = {}): Promise<void> {
  const config = parseConfig(gatewayConfig, {
    SUPERGRAPH_PATH: await fileWith(content),
    PORT: '0',
    ...env,
  })
  const gateway = await createGateway({
    ...(await optionsFrom(config)),
    log: createLogger({ name: 'test', level: 'silent' }),
    metrics: createMetrics(),
  })
  onTestFinished(() => gateway.stop(AbortSignal.timeout(1_000)))
  await gateway.start()
}

it('starts with a supergraph whose subgraphs do not answer', async () => {
  await expect(start(supergraph)).resolves.toBeUndefined()
})

const linkedTo = (spec: string) =>
  supergraph.replace(
    '@link(url: "https://specs.apollo.dev/join',
    `@link(url: "https://specs.apollo.dev/${spec}", for: SECURITY)\n  $&`,
  )

const refused: [string, string, Record<string, string>, RegExp][] = [
  [
    'a file that is no GraphQL',
    'hello',
    {},
    /^SUPERGRAPH_PATH: not a supergraph .*Unexpected Name "hello"/,
  ],
  [
    'a schema that is no supergraph',
    'type Query { a: Int }',
    {},
    /^SUPERGRAPH_PATH: not a supergraph/,
  ],
  [
    'directives that are not enforced',
    linkedTo('policy/v0.1'),
    {},
    /^SUPERGRAPH_PATH: @policy is not enforced here; use @authenticated or @requiresScopes/,
  ],
  [
    'directives of a version that it does not know',
    linkedTo('authenticated/v9.9'),
    {},
    /^SUPERGRAPH_PATH: .*authenticated\/v9.9/,
  ],
  ['a subgraph without a URL', supergraph.replace(URLS.films, ''), {}, /^SUBGRAPH_URLS: .*films/],
  [
    'a subgraph that is not called over http',
    supergraph.replace(URLS.films, 'redis://a'),
    {},
    /^SUBGRAPH_URLS: .*films/,
  ],
  [
    'a URL for a subgraph it does not have',
    supergraph,
    { SUBGRAPH_URLS: 'genres=http://a' },
    /^SUBGRAPH_URLS: there is no subgraph genres, there are films, people/,
  ],
  [
    'URLs without names',
    supergraph,
    { SUBGRAPH_URLS: 'http://a' },
    /^SUBGRAPH_URLS: must look like/,
  ],
  [
    'a signing key that is none',
    supergraph,
    { GATEWAY_SIGNING_KEY: '{"kty":"OKP"}' },
    /^GATEWAY_SIGNING_KEY: must be an Ed25519 private key/,
  ],
  [
    'a key set that is not fetched over http',
    supergraph,
    { JWKS_URL: 'file:///keys' },
    /^JWKS_URL: must be a URL/,
  ],
  [
    'examples that are not there',
    supergraph,
    { EXPLORER_EXAMPLES: '/nowhere' },
    /^EXPLORER_EXAMPLES: \/nowhere: there is no such file/,
  ],
  [
    'examples that are no GraphQL',
    supergraph,
    { EXPLORER_EXAMPLES: import.meta.filename },
    /^EXPLORER_EXAMPLES: .*Syntax Error/,
  ],
  ['no port', supergraph, { PORT: 'http' }, /^PORT: must be a port number/],
]
for (const [name, content, env, message] of refused) {
  it(`does not start with ${name}, and names the setting`, async () => {
    const error = await start(content, env).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).problems).toHaveLength(1)
    expect((error as ConfigError).message).toMatch(message)
  })
}

it('reports nothing to the vendor of its planner', async () => {
  await start(supergraph, {})
  expect(process.env['APOLLO_TELEMETRY_DISABLED']).toBe('1')
})
