import { ConfigError } from '@cinegraph/kit/config'
import { expect, it } from 'vitest'
import { openCounters } from './open.js'

const minute = { windowMs: 60_000 }

it.each(['memory:', 'memory:?maxKeys=10'])('opens %s', async (url) => {
  const counters = openCounters({ url })
  expect(await counters.increment('a', minute)).toMatchObject({ count: 1 })
})

it('takes the number of counters from the URL', async () => {
  const counters = openCounters({ url: 'memory:?maxKeys=1' })
  await counters.increment('a', minute)
  await counters.increment('b', minute)
  expect(await counters.read('a')).toBeUndefined()
})

it.each([
  '',
  'memory',
  'redis://',
  'redis://localhost/counters',
  'redis://localhost/0?maxKeys=10',
  'memory:lots',
  'memory:?maxKeys=',
  'memory:?maxKeys=many',
  'memory:?maxKeys=0',
  'memory:?maxBytes=4096',
])('refuses %j and names the setting', (url) => {
  expect(() => openCounters({ url })).toThrow(ConfigError)
  expect(() => openCounters({ url })).toThrow(/^COUNTERS_URL: /)
})
