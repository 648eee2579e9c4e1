import { parseConfig } from '@cinegraph/kit/config'
import { expect, it } from 'vitest'
import { gatewayConfig } from './config.js'

const parse = (env: Record<string, string>) =>
  parseConfig(gatewayConfig, { SUPERGRAPH_PATH: 'supergraph.graphql', ...env })

it('a supergraph is all it needs', () => {
  expect(parse({})).toMatchObject({ PORT: 4000, EXPLORER: 'sandbox', INTROSPECTION: true })
})

it('reads URLs by name, equals signs included', () => {
  const { SUBGRAPH_URLS } = parse({ SUBGRAPH_URLS: 'films=http://a/?x=1, people = http://b' })
  expect(SUBGRAPH_URLS).toEqual({ films: 'http://a/?x=1', people: 'http://b' })
})

it('reads switches, lists and keys', () => {
  const key = { kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43), d: 'd'.repeat(43), kid: '1' }
  const config = parse({
    INTROSPECTION: 'false',
    CORS_ORIGINS: 'https://a.example, https://b.example',
    GATEWAY_SIGNING_KEY: JSON.stringify(key),
  })
  expect(config.INTROSPECTION).toBe(false)
  expect(config.CORS_ORIGINS).toEqual(['https://a.example', 'https://b.example'])
  expect(config.GATEWAY_SIGNING_KEY).toEqual(key)
})

it('describes every setting', () => {
  for (const [name, field] of Object.entries(gatewayConfig.shape)) {
    expect(field.description, name).toBeTruthy()
  }
})
