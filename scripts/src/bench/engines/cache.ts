import type { Cache } from '@cinegraph/engines/cache/cache'
import { openCache } from '@cinegraph/engines/cache/open'
import { createLogger } from '@cinegraph/kit/logger'
import type { Measure } from './measure.js'
import { withRedisPart } from './redis-part.js'

const log = createLogger({ name: 'bench', level: 'error' })
const STOP_MS = 10_000
const TTL_MS = 600_000
/** As films gives them to a list. */
const ENTRY = { ttlMs: TTL_MS, staleMs: TTL_MS, tags: ['films', 'genre:7'] }
/** A page of twenty, about two kilobytes. */
const VALUE = Array.from({ length: 20 }, (_, place) => ({
  ...{
    id: `0199a3c1-0000-7000-8000-0000000000${place + 10}`,
    cursor: `p.${place}`.padEnd(40, 'x'),
  },
  highlights: [],
}))
const TEXT = JSON.stringify(VALUE)
/** In memory one is too short to be measured. */
const AT_A_TIME = 100

const made = async () => VALUE
const notMade = () => Promise.reject(new Error('it is not in the cache'))

export async function benchMemoryCache(measure: Measure): Promise<void> {
  await withCache('memory:', async (cache) => {
    const texts = new Map<string, string>()
    const names = Array.from({ length: AT_A_TIME }, (_, number) => `list:${number}`)
    for (const name of names) {
      texts.set(name, TEXT)
      await cache.set(name, VALUE, ENTRY)
    }
    await measure(`cache in memory: ${AT_A_TIME} hits`, {
      baseline: {
        name: 'texts in a Map, parsed',
        run: async () => names.map((name) => JSON.parse(texts.get(name)!) as unknown).at(-1),
      },
      candidate: {
        name: 'load',
        async run() {
          let last: unknown
          for (const name of names) last = await cache.load(name, ENTRY, notMade)
          return last
        },
      },
    })
  })
}

export const benchRedisCache = (server: string, measure: Measure): Promise<void> =>
  withRedisPart(server, async ({ url, client, nameOf }) => {
    const plain = {
      get: async (key: string) => {
        const text = await client.get(nameOf(key))
        return text === null ? undefined : (JSON.parse(text) as unknown)
      },
      set: async (key: string) => {
        await client.set(nameOf(key), JSON.stringify(VALUE), 'PX', TTL_MS)
      },
      remove: (key: string) => client.unlink(nameOf(key)),
    }
    const without = new URL(url)
    // nothing fits into its first tier
    without.searchParams.set('maxBytes', '1')
    await withCache(url.href, async (cache) => {
      await plain.set('list')
      await cache.set('list', VALUE, ENTRY)
      const load = () => cache.load('list', ENTRY, notMade)
      await measure('cache in Redis: a hit in the first tier', {
        baseline: { name: 'GET', run: () => plain.get('list') },
        candidate: { name: 'load', before: load, run: load },
      })
      await withCache(without.href, (other) =>
        measure('cache in Redis: a hit in the second tier', {
          baseline: { name: 'GET', run: () => plain.get('list') },
          candidate: { name: 'load', run: () => other.load('list', ENTRY, notMade) },
        }),
      )
      await measureWrites({ cache, plain, measure })
    })
  })

interface Writes {
  cache: Cache
  plain: {
    get: (key: string) => Promise<unknown>
    set: (key: string) => Promise<void>
    remove: (key: string) => Promise<unknown>
  }
  measure: Measure
}

async function measureWrites({ cache, plain, measure }: Writes): Promise<void> {
  let number = 0
  const load = () => cache.load(`new:${number++}`, ENTRY, made)
  await measure('cache in Redis: a miss, made and kept', {
    baseline: {
      name: 'GET, then SET',
      async run() {
        const key = `new:${number++}`
        const found = await plain.get(key)
        if (found === undefined) await plain.set(key)
        return found ?? made()
      },
    },
    candidate: { name: 'load', run: load },
  })
  await measure('cache in Redis: set', {
    baseline: { name: 'SET', run: () => plain.set('list') },
    candidate: { name: 'set', run: () => cache.set('list', VALUE, ENTRY) },
  })
  await measure('cache in Redis: a tag purged, and looked whether it is gone', {
    baseline: {
      ...{ name: 'UNLINK, then GET', before: () => plain.set('list') },
      run: () => plain.remove('list').then(() => plain.get('list')),
    },
    candidate: {
      ...{ name: 'purge, then get', before: () => cache.set('list', VALUE, ENTRY) },
      run: () => cache.purge(['genre:7']).then(() => cache.get('list')),
    },
  })
}

async function withCache(url: string, use: (cache: Cache) => Promise<void>): Promise<void> {
  const cache = openCache({ url, log })
  await cache.start()
  try {
    await use(cache)
  } finally {
    await cache.stop(AbortSignal.timeout(STOP_MS))
  }
}
