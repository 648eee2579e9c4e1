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
