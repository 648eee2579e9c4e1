import type { Registry } from '@cinegraph/kit/metrics'
import { boundOf } from '../memory-url.js'
import type { Counters } from './counters.js'
import { createMemoryCounters } from './memory.js'

const DEFAULT_MAX_KEYS = 100_000

export interface CountersOptions {
  /** `memory:` or `memory:?maxKeys=100000`, which is the default. */
  url: string
  /** Where counters that had to make room are counted. */
  metrics?: Registry
}

/** Throws a ConfigError that names COUNTERS_URL when no counters stand behind `url`. */
export function openCounters({ url, metrics }: CountersOptions): Counters {
  const maxKeys = boundOf({
    url,
    setting: 'COUNTERS_URL',
    parameter: 'maxKeys',
    unit: 'counters',
    fallback: DEFAULT_MAX_KEYS,
  })
  return createMemoryCounters({ maxKeys, metrics })
}
