import { slow } from '@cinegraph/testkit/slow'
import { afterEach, vi } from 'vitest'
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
  // every adapter to come is reached over a network: the suite must hold whenever calls arrive
  'memory: behind a network': async () => {
    const { counters, advance } = await openMemory()
    return { counters: slow(counters), advance }
  },
}

for (const [name, open] of Object.entries(adapters)) describeCounters(name, open)
