import { realServer } from '@cinegraph/testkit/real-server'
import { slow } from '@cinegraph/testkit/slow'
import { afterAll, describe } from 'vitest'
import { clockAhead, ownParts } from '../redis/own-part.contract.js'
import type { CacheUnderTest } from './cache-under-test.contract.js'
import { describeCache } from './cache.contract.js'
import { openCache } from './open.js'

type Open = Parameters<typeof describeCache>[1]

const openMemory: Open = async ({ log }): Promise<CacheUnderTest> => {
  let at = 0
  return {
    cache: openCache({ url: 'memory:', log, now: () => new Date(at) }),
    async advance(ms) {
      at += ms
    },
  }
}

describeCache('memory:', openMemory)

// other adapters are reached over a network: the suite must hold whenever calls arrive
describeCache('memory: behind a network', async (options) => {
  const { cache, advance } = await openMemory(options)
  return { cache: slow(cache), advance }
})

const url = realServer('redis')
describe.skipIf(url === undefined)('a real server', () => {
  const parts = ownParts(url ?? '')
  afterAll(() => parts.clean())
  describeCache('redis:', async ({ log }) => {
    const { now, advance } = clockAhead()
    return { cache: openCache({ url: parts.newUrl(), log, now }), advance }
  })
})
