import type { Clock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { boundOf } from '../memory-url.js'
import type { Cache } from './cache.js'
import { createMemoryCache } from './memory.js'

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024

export interface CacheOptions {
  /** `memory:` or `memory:?maxBytes=67108864`; 64 MiB by default. */
  url: string
  log: Logger
  now?: Clock
  /** Where hits, misses, loads, evictions and bytes are counted. */
  metrics?: Registry
}

/** Throws a ConfigError that names CACHE_URL when no cache stands behind `url`. */
export function openCache({ url, log, metrics, now = () => new Date() }: CacheOptions): Cache {
  return createMemoryCache({ maxBytes: maxBytesOf(url), log, now, metrics })
}

const maxBytesOf = (url: string): number =>
  boundOf({
    url,
    setting: 'CACHE_URL',
    parameter: 'maxBytes',
    unit: 'bytes',
    fallback: DEFAULT_MAX_BYTES,
  })
