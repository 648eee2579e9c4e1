import { Counter, Gauge, type Registry } from '@cinegraph/kit/metrics'

export type Tier = 'process' | 'redis'
export type ReadResult = 'hit' | 'miss' | 'stale' | 'error'

/** What a cache reports about itself. Without a registry it counts for nobody. */
export function createCacheMetrics(registry: Registry | undefined, bytes: () => number) {
  const registers = registry ? [registry] : []
  new Gauge({
    name: 'cinegraph_cache_bytes',
    help: 'Bytes of keys and values that the cache holds in this process',
    registers,
    collect() {
      this.set(bytes())
    },
  })
  const reads = new Counter({
    name: 'cinegraph_cache_reads_total',
    help: 'Reads by tier (process, and redis for what the process does not have) and result: hit, miss, stale (answered with an old value while a new one was made), or error (not answered, taken as a miss)',
    labelNames: ['tier', 'result'] as const,
    registers,
  })
  return {
    read: (tier: Tier, result: ReadResult, times = 1) => reads.inc({ tier, result }, times),
    loads: new Counter({
      name: 'cinegraph_cache_loads_total',
      help: 'Values made because they were absent or stale, by result: success or failure',
      labelNames: ['result'] as const,
      registers,
    }),
    evictions: new Counter({
      name: 'cinegraph_cache_evictions_total',
      help: 'Entries dropped to make room',
      registers,
    }),
  }
}
export type CacheMetrics = ReturnType<typeof createCacheMetrics>
