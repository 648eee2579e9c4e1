import type { Clock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { boundOf } from '../memory-url.js'
import { isRedisUrl } from '../redis/redis-url.js'
import type { Counters } from './counters.js'
import { createMemoryCounters } from './memory.js'
import { createRedisCounters } from './redis.js'

const DEFAULT_MAX_KEYS = 100_000

export interface CountersOptions {
  /** `memory:`, `memory:?maxKeys=100000`, which is the default, or `redis://:password@host:6379/0`. */
  url: string
  /** Where outages of the engine are told. */
  log?: Logger
  /** Where counters that had to make room are counted, and what Redis does. */
  metrics?: Registry
  /** The time of counters in Redis; its own by default. */
  now?: Clock
}

/**
 * Throws a ConfigError that names COUNTERS_URL when no counters stand behind `url` and, on start, when Redis cannot be
 * reached or refuses us.
 */
export function openCounters({ url, log, metrics, now }: CountersOptions): Counters {
  if (isRedisUrl(url)) return createRedisCounters({ url, log, metrics, now })
  const maxKeys = boundOf({
    url,
    setting: 'COUNTERS_URL',
    parameter: 'maxKeys',
    unit: 'counters',
    fallback: DEFAULT_MAX_KEYS,
  })
  return createMemoryCounters({ maxKeys, metrics })
}
