import { type Clock, systemClock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { boundOf } from '../memory-url.js'
import { isRedisUrl, parseRedisUrl } from '../redis/redis-url.js'
import type { Cache } from './cache.js'
import { createMemoryCache } from './memory.js'
import { createRedisCache } from './redis/cache.js'

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024

const SETTING = 'CACHE_URL'

export interface CacheOptions {
  /** `memory:`, or `redis://:password@host:6379/0`. With `?maxBytes=67108864`, which is the default: what this process holds. */
  url: string
  log: Logger
  now?: Clock
  /** Where hits, misses, loads, evictions and bytes are counted, and what Redis does. */
  metrics?: Registry
}

/**
 * Throws a ConfigError that names CACHE_URL when no cache stands behind `url` and, on start, when Redis cannot be reached
 * or refuses us.
 */
export function openCache({ url, log, metrics, now }: CacheOptions): Cache {
  if (!isRedisUrl(url)) {
    return createMemoryCache({ maxBytes: maxBytesOf(url), log, now: now ?? systemClock, metrics })
  }
  const redis = parseRedisUrl({ url, setting: SETTING, parameters: ['maxBytes'] })
  const given = redis.parameters.get('maxBytes')
  const maxBytes = maxBytesOf(
    given === undefined ? 'memory:' : `memory:?maxBytes=${encodeURIComponent(given)}`,
  )
  return createRedisCache({ url: redis, setting: SETTING, maxBytes, log, now, metrics })
}

const maxBytesOf = (url: string): number =>
  boundOf({
    url,
    setting: SETTING,
    parameter: 'maxBytes',
    unit: 'bytes',
    fallback: DEFAULT_MAX_BYTES,
  })
