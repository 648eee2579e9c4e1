import type { Clock } from '@cinegraph/kit/clock'
import { createLogger, type Logger } from '@cinegraph/kit/logger'
import { Registry } from '@cinegraph/kit/metrics'
import { ownParts, PATIENT_MS, withBudget } from '../../redis/own-part.contract.js'
import { Redis } from '../../redis/redis.js'
import { parseRedisUrl } from '../../redis/redis-url.js'
import type { Cache } from '../cache.js'
import { openCache } from '../open.js'
import { SCRIPTS } from './scripts.js'
import { Store } from './store.js'

const silent = createLogger({ name: 'test', level: 'silent' })

export interface StartOptions {
  url?: string
  log?: Logger
  now?: Clock
  budgetMs?: number
}

/** Caches with one part of a Redis, as if each were in a process of its own. */
export function createStage(redisUrl: string) {
  const { newUrl, expiries, clean } = ownParts(redisUrl)
  const url = newUrl()
  const { prefix, ...parsed } = parseRedisUrl({ url, setting: 'CACHE_URL' })
  const open: { stop: () => unknown }[] = []

  return {
    url,
    prefix,
    async start({ log = silent, budgetMs = PATIENT_MS, ...options }: StartOptions = {}) {
      const metrics = new Registry()
      const at = withBudget(options.url ?? url, budgetMs)
      const cache = openCache({ log, metrics, ...options, url: at })
      open.push({ stop: () => cache.stop(AbortSignal.timeout(5_000)) })
      await cache.start()
      /** Sum of a metric, of those of its series that have `labels`. */
      const read = async (name: string, labels: Record<string, string> = {}) => {
        const { values } = await metrics.getSingleMetric(`cinegraph_cache_${name}`)!.get()
        return values
          .filter((it) => Object.entries(labels).every(([name, is]) => it.labels[name] === is))
          .reduce((sum, { value }) => sum + value, 0)
      }
      return { cache, read, isUp: async () => (await read('redis_up')) === 1 }
    },
    /** What is in Redis itself. */
    async startStore() {
      const redis = new Redis({
        ...{ url: { ...parsed, prefix }, setting: 'CACHE_URL', use: 'cache', scripts: SCRIPTS },
        ...{ log: silent, metrics: undefined },
      })
      open.push(redis)
      await redis.start()
      const store = new Store({ ask: redis.ask, prefix, now: undefined })
      const textOf = async (key: string) => {
        const [found] = await store.look([{ key, options: { ttlMs: 0 } }])
        return found!.text
      }
      return { ask: redis.ask, store, textOf }
    },
    /** Milliseconds until each key of the cache expires, by its name without the prefix. */
    expiries: () => expiries(`${prefix}cache:v1:`),
    async end() {
      await Promise.all(open.map((it) => it.stop()))
      await clean()
    },
  }
}
export type Stage = ReturnType<typeof createStage>

/** Loads `key` and tells what came, and whether it had to be made. */
export async function load(cache: Cache, key: string, value: unknown) {
  let made = false
  const answer = await cache.load(key, { ttlMs: 60_000, tags: ['film:1'] }, async () => {
    made = true
    return value
  })
  return { answer, made }
}

/** Begins to make `film`, which has the tag `film:1`, and stops half-way; `gate` gives the value or fails. */
export async function underWay(cache: Cache) {
  const began = Promise.withResolvers<undefined>()
  const gate = Promise.withResolvers<string>()
  const waiting = cache.load('film', { ttlMs: 60_000, tags: ['film:1'] }, () => {
    began.resolve(undefined)
    return gate.promise
  })
  await began.promise
  return { waiting, gate }
}
