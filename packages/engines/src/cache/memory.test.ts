import { createLogger } from '@cinegraph/kit/logger'
import { Registry } from '@cinegraph/kit/metrics'
import { describe, expect, it } from 'vitest'
import { createMemoryCache } from './memory.js'

const log = createLogger({ name: 'test', level: 'fatal' })
const minute = { ttlMs: 60_000 }
const now = () => new Date(0)
const kilobyte = 'x'.repeat(1022)

describe('the byte limit of the memory cache', () => {
  it('makes room by dropping what was used least recently', async () => {
    const cache = createMemoryCache({ maxBytes: 4_000, log, now })
    for (const key of ['a', 'b', 'c']) await cache.set(key, kilobyte, minute)
    await cache.get('a')
    await cache.set('d', kilobyte, minute)
    const kept = await cache.getMany(['a', 'b', 'c', 'd'])
    expect(kept.map((value) => value !== undefined)).toEqual([true, false, true, true])
  })

  it('counts keys and letters of two bytes', async () => {
    const cache = createMemoryCache({ maxBytes: 4_000, log, now })
    await cache.set('cyrillic', 'ё'.repeat(1_900), minute)
    expect(await cache.get('cyrillic')).toBeUndefined()
    await cache.set('k'.repeat(4_000), 1, minute)
    expect(await cache.get('k'.repeat(4_000))).toBeUndefined()
  })

  it('does not keep a value that is larger than the whole cache, nor the one before it', async () => {
    const cache = createMemoryCache({ maxBytes: 2_000, log, now })
    await cache.set('other', 1, minute)
    await cache.set('film', 'old', minute)
    await cache.set('film', 'x'.repeat(2_000), minute)
    expect(await cache.getMany(['film', 'other'])).toEqual([undefined, 1])
  })

  it('forgets the tags of what it dropped', async () => {
    const cache = createMemoryCache({ maxBytes: 2_000, log, now })
    await cache.set('film', kilobyte, { ...minute, tags: ['film:1'] })
    await cache.set('other', kilobyte, minute)
    await cache.set('film', 'untagged', minute)
    await cache.purge(['film:1'])
    expect(await cache.get('film')).toBe('untagged')
  })
})

it('counts what it does in the registry it is given', async () => {
  const metrics = new Registry()
  let at = 0
  const cache = createMemoryCache({ maxBytes: 2_000, log, metrics, now: () => new Date(at) })
  const options = { ttlMs: 1_000, staleMs: 1_000 }
  const read = async (name: string) => {
    const metric = await metrics.getSingleMetric(name)!.get()
    return Object.fromEntries(
      metric.values.map(({ labels, value }) => [String(labels['result'] ?? 'all'), value]),
    )
  }

  await cache.load('a', options, async () => 1)
  await cache.load('a', options, async () => 1)
  await cache.get('absent')
  at = 1_000
  await cache.load('a', options, async () => 2)
  await expect(cache.load('b', options, () => Promise.reject(new Error('down')))).rejects.toThrow()
  expect(await read('cinegraph_cache_reads_total')).toEqual({ miss: 3, hit: 1, stale: 1 })
  expect(await read('cinegraph_cache_loads_total')).toEqual({ success: 2, failure: 1 })

  expect(await read('cinegraph_cache_bytes')).toEqual({ all: 256 + 'a'.length + '2'.length })
  await cache.set('large', kilobyte, minute)
  await cache.set('larger', kilobyte, minute)
  expect(await read('cinegraph_cache_evictions_total')).toEqual({ all: 2 })
})

it('stops at the deadline when something is still being made', async () => {
  const cache = createMemoryCache({ maxBytes: 2_000, log, now })
  await cache.start()
  void cache.load('film', minute, () => new Promise(() => {}))
  await cache.stop(AbortSignal.abort())
  expect(await cache.ready()).toEqual({ ready: false, reason: 'stopped' })
})
