import { parseConfig } from '@cinegraph/kit/config'
import { expect, it } from 'vitest'
import { peopleConfig } from './config.js'

const key = { kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43) }
const required = {
  DATABASE_URL: 'postgresql://cinegraph@127.0.0.1/cinegraph',
  SEARCH_URL: 'postgresql://cinegraph@127.0.0.1/cinegraph',
  GATEWAY_PUBLIC_KEY: JSON.stringify(key),
}

it('has a default for all but addresses and the key', () => {
  expect(parseConfig(peopleConfig, required)).toMatchObject({
    PORT: 4003,
    CACHE_URL: 'memory:',
    GATEWAY_PUBLIC_KEY: key,
  })
})

it.each([
  ['not JSON', 'ed25519'],
  ['a key of another kind', JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' })],
])('refuses %s as the public key', (_, value) => {
  expect(() => parseConfig(peopleConfig, { ...required, GATEWAY_PUBLIC_KEY: value })).toThrow(
    'GATEWAY_PUBLIC_KEY: must be an Ed25519 public key as a JWK in JSON',
  )
})

it('drops the private part of a key given by mistake', () => {
  const value = JSON.stringify({ ...key, d: 'secret' })
  const config = parseConfig(peopleConfig, { ...required, GATEWAY_PUBLIC_KEY: value })
  expect(config.GATEWAY_PUBLIC_KEY).toEqual(key)
})
