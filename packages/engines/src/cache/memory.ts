import type { Clock } from '@cinegraph/kit/clock'
import { aborted, createService } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type { Cache, CacheEntryOptions } from './cache.js'
import { Entries } from './entries.js'
import { Flights } from './flights.js'
import { parseText } from './json-text.js'
import { createCacheMetrics } from './metrics.js'

export interface MemoryCacheOptions {
  /** Bytes of keys and JSON texts as UTF-8, and 256 for each entry. The least recently used entries make room. */
  maxBytes: number
  log: Logger
  now: Clock
  metrics?: Registry | undefined
}

/**
 * The cache of one process: other processes see neither its entries nor its purges, and it is empty after a restart.
 * A miss costs nothing but the load, so nothing here ever fails.
 */
export function createMemoryCache({ maxBytes, log, now, metrics }: MemoryCacheOptions): Cache {
  const time = () => now().getTime()
  const flights = new Flights(time)
  const entries = new Entries({ maxBytes, time, evicted: () => measured.evictions.inc() })
  const measured = createCacheMetrics(metrics, () => entries.bytes)

  const write = (key: string, text: string | undefined, options: CacheEntryOptions) => {
    if (text === undefined) {
      entries.delete(key)
      return
    }
    const { ttlMs, staleMs = 0, tags = [] } = options
    const freshUntil = time() + ttlMs
    entries.write(key, { text, freshUntil, staleUntil: freshUntil + staleMs, tags })
  }

  const get = (key: string): unknown => {
    const entry = entries.read(key)
    measured.read('process', entry?.fresh ? 'hit' : 'miss')
    return entry?.fresh ? parseText(entry.text) : undefined
  }

  const begin = (key: string, options: CacheEntryOptions, make: () => Promise<unknown>) => {
    const { tags = [] } = options
    const flight = flights.begin({
      key,
      tags,
      async land(self) {
        const text = JSON.stringify(await make()) as string | undefined
        if (self.current) write(key, text, options)
        return text
      },
    })
    flight.landed.then(
      () => measured.loads.inc({ result: 'success' }),
      () => measured.loads.inc({ result: 'failure' }),
    )
    return flight
  }

  const look = (key: string) => {
    const entry = entries.read(key)
    measured.read('process', entry ? (entry.fresh ? 'hit' : 'stale') : 'miss')
    return entry
  }

  const logFailure = (stale: readonly string[]) => {
    Promise.all(stale.map((key) => flights.get(key)!.landed)).catch((error: unknown) => {
      log.warn({ keys: stale, err: error }, 'could not refresh cached values')
    })
  }

  // nothing here waits before all flights have begun, so that two callers never make the same
  const loadMany: Cache['loadMany'] = async <T>(
    keys: readonly string[],
    options: (key: string) => CacheEntryOptions,
    makeMissing: (missing: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  ) => {
    const found = new Map([...new Set(keys)].map((key) => [key, look(key)]))
    const missing = [...found.keys()].filter((key) => !found.get(key)?.fresh && !flights.get(key))
    if (missing.length > 0) {
      const wanted = missing.map((key) => ({ key, options: options(key) }))
      const batch = Promise.resolve().then(() => makeMissing(missing))
      for (const { key, options } of wanted) begin(key, options, async () => (await batch).get(key))
      logFailure(missing.filter((key) => found.get(key)))
    }
    return Promise.all(
      keys.map(async (key) => {
        const text = found.get(key)?.text ?? (await flights.get(key)!.landed)
        return parseText(text) as T | undefined
      }),
    )
  }

  const service = createService({
    name: 'cache',
    async stop(deadline) {
      await Promise.race([flights.settled(), aborted(deadline)])
      entries.clear()
    },
  })

  return {
    ...service,
    async get<T>(key: string) {
      return get(key) as T | undefined
    },
    async getMany<T>(keys: readonly string[]) {
      return keys.map(get) as (T | undefined)[]
    },
    async set(key, value, options) {
      flights.overtake(key)
      write(key, JSON.stringify(value), options)
    },
    async delete(key) {
      flights.overtake(key)
      entries.delete(key)
    },
    async purge(tags) {
      flights.overtakeTagged(tags)
      entries.purge(tags)
    },
    async load<T>(key: string, options: CacheEntryOptions, make: () => Promise<T>) {
      const makeOne = async () => new Map([[key, await make()]])
      const [value] = await loadMany([key], () => options, makeOne)
      return value as T
    },
    loadMany,
  }
}
