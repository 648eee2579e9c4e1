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

it('reads the cookies of each subgraph, and proxies', () => {
  const { SUBGRAPH_COOKIES, TRUST_PROXY } = parse({
    SUBGRAPH_COOKIES: 'users=__Host-access, users = __Host-refresh,seats=seat',
    TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::/8, 192.0.2.1',
  })
  expect(SUBGRAPH_COOKIES).toEqual({ users: ['__Host-access', '__Host-refresh'], seats: ['seat'] })
  expect(TRUST_PROXY).toEqual(['loopback', '10.0.0.0/8', 'fd00::/8', '192.0.2.1'])
  expect(parse({})).toMatchObject({ SUBGRAPH_COOKIES: {} })
})

it.each([
  ['SUBGRAPH_COOKIES', 'users'],
  ['SUBGRAPH_COOKIES', '=access'],
  ['SUBGRAPH_COOKIES', 'users=a=b'],
  ['SUBGRAPH_COOKIES', 'users=a b'],
  ['ACCESS_TOKEN_COOKIE', 'a;b'],
  ['UNAUTHORIZED_FIELDS', 'hide'],
  ['EXPLORER', 'on'],
  ['CORS_ORIGINS', 'cinema.example'],
  ['CORS_ORIGINS', 'https://cinema.example/'],
  ['REVOCATIONS_URL', 'users:4001'],
  ['TRUST_PROXY', '1'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', 'proxy.example'],
  ['TRUST_PROXY', '10.0.0.0/33'],
])('names %s when it is %s', (name, value) => {
  expect(() => parse({ [name]: value })).toThrow(new RegExp(`^${name}: must `))
})

it.each([
  [{ ACCESS_TOKEN_COOKIE: 'access' }, 'TOKEN_RENEWAL_FIELDS: is required by ACCESS_TOKEN_COOKIE'],
  [{ REVOCATIONS_URL: 'http://users:4001/feed' }, 'JWKS_URL: is required by REVOCATIONS_URL'],
])('refuses %j without what it needs', (env, problem) => {
  expect(() => parse(env)).toThrow(problem)
})
