import { hash } from 'node:crypto'
import { createService } from '@cinegraph/kit/lifecycle'
import { Counter, type Registry } from '@cinegraph/kit/metrics'
import { LRUCache } from 'lru-cache'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { checkIncrement, type Counters } from './counters.js'

export interface MemoryCountersOptions {
  /** Counters at most, half a kilobyte each; those that were not raised for longest make room. */
  maxKeys: number
  metrics?: Registry | undefined
}

/** The counters of one process: other processes see nothing of them, and they are empty after a restart. */
export function createMemoryCounters({ maxKeys, metrics }: MemoryCountersOptions): Counters {
  const evictions = new Counter({
    name: 'cinegraph_counters_evictions_total',
    help: 'Counters forgotten before their time to make room: what they limited may go on',
    registers: metrics ? [metrics] : [],
  })
  // only its arithmetic is wanted: what is too much is for who counts to say
  const limiter = new RateLimiterMemory({ keyPrefix: '', points: 0, duration: 0 })
  // the limiter keeps whatever it is given: this knows which counter to give up
  const recent = new LRUCache<string, true>({
    max: maxKeys,
    dispose(_, id, reason) {
      void limiter.delete(id).then((lived) => lived && reason === 'evict' && evictions.inc())
    },
  })
  const service = createService({ name: 'counters', stop: async () => recent.clear() })
  return {
    ...service,
    async increment(key, increment) {
      const { windowMs, amount } = checkIncrement(increment)
      const id = idOf(key)
      recent.set(id, true)
      const options = { customDuration: windowMs / 1000 }
      return countOf(await limiter.penalty(id, amount, options))
    },
    async read(key) {
      const found = await limiter.get(idOf(key))
      // its timer may be late
      return found && found.msBeforeNext > 0 ? countOf(found) : undefined
    },
    async reset(key) {
      recent.delete(idOf(key))
    },
  }
}

/** Of one size, however long the key is. */
const idOf = (key: string) => hash('sha256', key, 'base64url')

const countOf = (found: { consumedPoints: number; msBeforeNext: number }) => ({
  count: found.consumedPoints,
  expiresInMs: Math.ceil(found.msBeforeNext),
})
