import { realServer } from '@cinegraph/testkit/real-server'
import { slow } from '@cinegraph/testkit/slow'
import { afterAll, afterEach, describe, vi } from 'vitest'
import { clockAhead, ownParts } from '../redis/own-part.contract.js'
import type { CountersUnderTest } from './counters-under-test.contract.js'
import { describeCounters } from './counters.contract.js'
import { openCounters } from './open.js'

async function openMemory(): Promise<CountersUnderTest> {
  // the library looks at the clock by itself
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  return {
    counters: openCounters({ url: 'memory:' }),
    async advance(ms) {
      vi.advanceTimersByTime(ms)
    },
  }
}
afterEach(() => {
  vi.useRealTimers()
})

const adapters = {
  'memory:': openMemory,
  // other adapters are reached over a network: the suite must hold whenever calls arrive
  'memory: behind a network': async () => {
    const { counters, advance } = await openMemory()
    return { counters: slow(counters), advance }
  },
}

for (const [name, open] of Object.entries(adapters)) describeCounters(name, open)

const url = realServer('redis')
describe.skipIf(url === undefined)('a real server', () => {
  const parts = ownParts(url ?? '')
  afterAll(() => parts.clean())
  describeCounters('redis:', async () => {
    const { now, advance } = clockAhead()
    return { counters: openCounters({ url: parts.newUrl(), now }), advance }
  })
})
