import type { Clock } from '@cinegraph/kit/clock'
import { aborted, createService } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { LRUCache } from 'lru-cache'
import type { Cache, CacheEntryOptions } from './cache.js'
import { Flights } from './flights.js'
import { createCacheMetrics } from './metrics.js'
import { TagIndex } from './tag-index.js'

interface Entry {
  readonly text: string
  readonly freshUntil: number
  readonly staleUntil: number
  readonly tags: readonly string[]
}

// what the maps around a small entry weigh; without it a million tiny entries would take ten times the limit
const ENTRY_BYTES = 256

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
  const tagged = new TagIndex()
  const flights = new Flights()
  const entries = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ text }, key) =>
      ENTRY_BYTES + Buffer.byteLength(key) + Buffer.byteLength(text),
    dispose({ tags }, key, reason) {
      tagged.remove(key, tags)
      if (reason === 'evict') measured.evictions.inc()
    },
  })
  const measured = createCacheMetrics(metrics, () => entries.calculatedSize)
  const time = () => now().getTime()

  const write = (key: string, text: string | undefined, options: CacheEntryOptions) => {
    if (text === undefined) {
      entries.delete(key)
      return
    }
    const { ttlMs, staleMs = 0, tags = [] } = options
    const freshUntil = time() + ttlMs
    const entry = { text, freshUntil, staleUntil: freshUntil + staleMs, tags }
    entries.set(key, entry)
    // one that is larger than the whole cache was not kept
    if (entries.peek(key) === entry) tagged.add(key, tags)
  }

  const read = (key: string): (Entry & { fresh: boolean }) | undefined => {
    const entry = entries.get(key)
    if (!entry) return undefined
    const at = time()
    if (at >= entry.staleUntil) {
      entries.delete(key)
      return undefined
    }
    return { ...entry, fresh: at < entry.freshUntil }
  }

  const get = (key: string): unknown => {
    const entry = read(key)
    measured.reads.inc({ result: entry?.fresh ? 'hit' : 'miss' })
    return entry?.fresh ? parse(entry.text) : undefined
  }

  const begin = (key: string, options: CacheEntryOptions, make: () => Promise<unknown>) => {
    const { tags = [] } = options
    const flight = flights.begin({ key, tags, make, keep: (text) => write(key, text, options) })
    flight.landed.then(
      () => measured.loads.inc({ result: 'success' }),
      () => measured.loads.inc({ result: 'failure' }),
    )
    return flight
  }

  const look = (key: string) => {
    const entry = read(key)
    measured.reads.inc({ result: entry ? (entry.fresh ? 'hit' : 'stale') : 'miss' })
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
    const entries = new Map([...new Set(keys)].map((key) => [key, look(key)]))
    const missing = [...entries.keys()].filter(
      (key) => !entries.get(key)?.fresh && !flights.get(key),
    )
    if (missing.length > 0) {
      const wanted = missing.map((key) => ({ key, options: options(key) }))
      const batch = Promise.resolve().then(() => makeMissing(missing))
      for (const { key, options } of wanted) begin(key, options, async () => (await batch).get(key))
      logFailure(missing.filter((key) => entries.get(key)))
    }
    return Promise.all(
      keys.map(async (key) => {
        const text = entries.get(key)?.text ?? (await flights.get(key)!.landed)
        return parse(text) as T | undefined
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
      for (const key of tags.flatMap((tag) => tagged.keysOf(tag))) entries.delete(key)
    },
    async load<T>(key: string, options: CacheEntryOptions, make: () => Promise<T>) {
      const makeOne = async () => new Map([[key, await make()]])
      const [value] = await loadMany([key], () => options, makeOne)
      return value as T
    },
    loadMany,
  }
}

const parse = (text: string | undefined): unknown =>
  text === undefined ? undefined : JSON.parse(text)
