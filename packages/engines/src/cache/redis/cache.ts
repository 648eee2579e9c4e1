import { type Clock, systemClock } from '@cinegraph/kit/clock'
import { aborted, createService } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { Redis } from '../../redis/redis.js'
import type { RedisUrl } from '../../redis/redis-url.js'
import type { Cache, CacheEntryOptions } from '../cache.js'
import { Flights } from '../flights.js'
import { parseText } from '../json-text.js'
import { createCacheMetrics } from '../metrics.js'
import { Awaited } from './awaited.js'
import { createFetch, resultOf } from './fetch.js'
import { BELIEF_MS, FirstTier } from './first-tier.js'
import { createMake, type MakeMissing } from './make.js'
import { SCRIPTS } from './scripts.js'
import { type Command, fits, type Forgotten, Store } from './store.js'
import { Unsent } from './unsent.js'

export interface RedisCacheOptions {
  url: RedisUrl
  /** Name of the setting, for errors. */
  setting: string
  /** What this process holds at most, see the memory cache. */
  maxBytes: number
  log: Logger
  now: Clock | undefined
  metrics: Registry | undefined
}

/**
 * One cache for all processes with one Redis, and a first tier in each. While Redis is away each process remembers for a
 * second what it makes, and what Redis was to forget it is told before it is asked again. Why it works so: ADR 11.
 */
export function createRedisCache(options: RedisCacheOptions): Cache {
  const { url, setting, maxBytes, log, now, metrics } = options
  const time = () => (now ?? systemClock)().getTime()
  const flights = new Flights(time)
  const firstTier = new FirstTier({ maxBytes, time, evicted: () => measured.evictions.inc() })
  const measured = createCacheMetrics(metrics, () => firstTier.bytes)
  const unsent = new Unsent()
  const redis: Redis<Command> = new Redis({
    ...{ url, setting, use: 'cache', scripts: SCRIPTS, log, metrics },
    onReturn: (send) => unsent.send(store, send),
  })
  const store: Store = new Store({ ask: redis.ask, prefix: url.prefix, now })
  const make = createMake({ store, firstTier, time, measured, log })
  const fetch = createFetch({ store, firstTier, unsent, make, time, measured })

  const forgetHere = (forgotten: Forgotten) => {
    for (const key of forgotten.keys) flights.overtake(key)
    flights.overtakeTagged(forgotten.tags)
    firstTier.forget(forgotten)
  }
  redis.listen(store.channel, (message) => {
    const { from, ...forgotten } = JSON.parse(message) as Forgotten & { from: string }
    if (from !== store.id) forgetHere(forgotten)
  })

  const forget = async (forgotten: Forgotten) => {
    forgetHere(forgotten)
    try {
      await store.forget(forgotten)
    } catch {
      unsent.forget(forgotten)
      // it may be back already
      if (redis.up) await unsent.send(store, redis.ask).catch(() => {})
    }
  }
  const forgetKey = (key: string) => forget({ keys: [key], tags: [] })

  const remembered = (key: string) => {
    const entry = firstTier.read(key)
    measured.read('process', entry ? (entry.fresh ? 'hit' : 'stale') : 'miss')
    return entry
  }

  const getMany = async (keys: readonly string[]): Promise<unknown[]> => {
    const texts = new Map<string, string | undefined>()
    for (const key of keys) {
      const entry = remembered(key)
      texts.set(key, entry?.fresh ? entry.text : undefined)
    }
    const unknown = [...texts.keys()].filter((key) => texts.get(key) === undefined)
    if (unknown.length > 0) {
      const { state } = firstTier
      const at = time()
      const found = await store.look(unknown.map(bare)).catch(() => [])
      for (const [i, key] of unknown.entries()) {
        const here = found[i]
        measured.read('redis', resultOf(here))
        if (!here || here.freshMs <= 0) continue
        texts.set(key, here.text)
        if (firstTier.state === state) firstTier.remember(key, { ...here, at })
      }
    }
    return keys.map((key) => parseText(texts.get(key)))
  }

  /** What is under way and not so old that a purge of long ago may be missing in it. */
  const underWay = (key: string) => {
    const flight = flights.get(key)
    return flight && time() - flight.begunAt < BELIEF_MS ? flight : undefined
  }

  const begin = (
    keys: readonly string[],
    options: (key: string) => CacheEntryOptions,
    makeMissing: MakeMissing,
  ) => {
    const over = Promise.withResolvers<undefined>()
    const wanted = keys.map((key) => ({ key, options: options(key) }))
    const awaited = wanted.map(
      ({ key, options }) => new Awaited(key, options, { flights, over: over.promise }),
    )
    const failAll = (error: unknown) => awaited.forEach((it) => it.fail(error))
    void fetch(awaited, makeMissing)
      .catch(failAll)
      .finally(() => over.resolve(undefined))
  }

  // nothing here waits before all flights have begun, so that two callers never ask for the same
  const loadMany: Cache['loadMany'] = async <T>(
    keys: readonly string[],
    options: (key: string) => CacheEntryOptions,
    makeMissing: (missing: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  ) => {
    const known = new Map([...new Set(keys)].map((key) => [key, remembered(key)]))
    const missing = [...known.keys()].filter((key) => !known.get(key) && !underWay(key))
    if (missing.length > 0) begin(missing, options, makeMissing)
    return Promise.all(
      keys.map(async (key) => {
        const text = known.get(key)?.text ?? (await flights.get(key)!.landed)
        return parseText(text) as T | undefined
      }),
    )
  }

  const service = createService({
    name: 'cache',
    start: () => redis.start(),
    async stop(deadline) {
      await Promise.race([flights.settled(), aborted(deadline)])
      redis.stop()
      firstTier.clear()
    },
  })

  return {
    ...service,
    async get<T>(key: string) {
      const [value] = await getMany([key])
      return value as T | undefined
    },
    getMany: <T>(keys: readonly string[]) => getMany(keys) as Promise<(T | undefined)[]>,
    async set(key, value, options) {
      const text = JSON.stringify(value) as string | undefined
      await forgetKey(key)
      if (text === undefined || !fits(text)) return
      await store.write(key, text, options).catch(() => forgetKey(key))
    },
    delete: forgetKey,
    purge: (tags) => forget({ keys: [], tags }),
    async load<T>(key: string, options: CacheEntryOptions, make: () => Promise<T>) {
      const makeOne = async () => new Map([[key, await make()]])
      const [value] = await loadMany([key], () => options, makeOne)
      return value as T
    },
    loadMany,
  }
}

/** Looked for without being made: its tags do not matter. */
const bare = (key: string) => ({ key, options: { ttlMs: 0 } })
