import { Counter, Gauge, type Registry } from '@cinegraph/kit/metrics'

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
  return {
    reads: new Counter({
      name: 'cinegraph_cache_reads_total',
      help: 'Reads by result: hit, miss, or stale (answered with an old value while a new one was made)',
      labelNames: ['result'] as const,
      registers,
    }),
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
