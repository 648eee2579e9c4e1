import { ConfigError } from '@cinegraph/kit/config'
import type { Clock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
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

function maxBytesOf(url: string): number {
  if (!URL.canParse(url) || new URL(url).protocol !== 'memory:') {
    throw new ConfigError(['CACHE_URL: must be a URL that starts with memory:'])
  }
  const { pathname, searchParams } = new URL(url)
  const unknown = [...searchParams.keys()].find((name) => name !== 'maxBytes')
  if (pathname !== '' || unknown !== undefined) {
    throw new ConfigError(['CACHE_URL: memory: takes nothing but ?maxBytes=, the size in bytes'])
  }
  const given = searchParams.get('maxBytes')
  const maxBytes = given === null ? DEFAULT_MAX_BYTES : Number(given)
  if (Number.isSafeInteger(maxBytes) && maxBytes > 0) return maxBytes
  throw new ConfigError(['CACHE_URL: maxBytes must be a whole number of bytes, 1 or more'])
}
