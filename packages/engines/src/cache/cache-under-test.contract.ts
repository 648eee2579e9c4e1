import type { Cache } from './cache.js'

/** One cache of an adapter, and the only way in which its time passes. */
export interface CacheUnderTest {
  cache: Cache
  /** Resolves when `ms` milliseconds have passed for the cache. */
  advance: (ms: number) => Promise<void>
}
