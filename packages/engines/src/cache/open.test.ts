import { ConfigError } from '@cinegraph/kit/config'
import { createLogger } from '@cinegraph/kit/logger'
import { expect, it } from 'vitest'
import { openCache } from './open.js'

const log = createLogger({ name: 'test', level: 'fatal' })

it.each(['memory:', 'memory:?maxBytes=4096'])('opens %s', async (url) => {
  const cache = openCache({ url, log })
  await cache.set('film', 1, { ttlMs: 1_000 })
  expect(await cache.get('film')).toBe(1)
})

it('takes the size from the URL', async () => {
  const cache = openCache({ url: 'memory:?maxBytes=4096', log })
  await cache.set('film', 'x'.repeat(4_096), { ttlMs: 1_000 })
  expect(await cache.get('film')).toBeUndefined()
})

it.each([
  '',
  'memory',
  'redis://',
  'redis://localhost/cache',
  'redis://localhost/0?maxBytes=0',
  'redis://localhost/0?family=6',
  'memory:lots',
  'memory:?maxBytes=',
  'memory:?maxBytes=64MiB',
  'memory:?maxBytes=0',
  'memory:?maxBytes=1.5',
  'memory:?maxbytes=4096',
])('refuses %j and names the setting', (url) => {
  expect(() => openCache({ url, log })).toThrow(ConfigError)
  expect(() => openCache({ url, log })).toThrow(/^CACHE_URL: /)
})
