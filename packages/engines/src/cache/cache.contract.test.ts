import { slow } from '@cinegraph/testkit/slow'
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

// every adapter to come is reached over a network: the suite must hold whenever calls arrive
describeCache('memory: behind a network', async (options) => {
  const { cache, advance } = await openMemory(options)
  return { cache: slow(cache), advance }
})
