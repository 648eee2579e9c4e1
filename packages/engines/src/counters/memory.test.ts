import { Registry } from '@cinegraph/kit/metrics'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryCounters } from './memory.js'

const minute = { windowMs: 60_000 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it('makes room by forgetting what was raised least recently, and says so', async () => {
  const metrics = new Registry()
  const counters = createMemoryCounters({ maxKeys: 3, metrics })
  for (const key of ['a', 'b', 'c', 'a', 'd']) await counters.increment(key, minute)
  const kept = await Promise.all(['a', 'b', 'c', 'd'].map((key) => counters.read(key)))
  expect(kept.map((it) => it?.count)).toEqual([2, undefined, 1, 1])
  const evictions = await metrics.getSingleMetric('cinegraph_counters_evictions_total')!.get()
  expect(evictions.values).toEqual([{ labels: {}, value: 1 }])
})

it('does not call it making room when what goes was forgotten or reset before', async () => {
  const metrics = new Registry()
  const counters = createMemoryCounters({ maxKeys: 2, metrics })
  await counters.increment('short', { windowMs: 1 })
  await counters.increment('reset', minute)
  await counters.reset('reset')
  vi.advanceTimersByTime(1)
  for (const key of ['a', 'b']) await counters.increment(key, minute)
  const evictions = await metrics.getSingleMetric('cinegraph_counters_evictions_total')!.get()
  expect(evictions.values).toEqual([{ labels: {}, value: 0 }])
})

it('holds a bounded number of timers, and none after it stopped', async () => {
  const counters = createMemoryCounters({ maxKeys: 100 })
  await counters.start()
  for (let i = 0; i < 1_000; i++) await counters.increment(`key ${i}`, minute)
  expect(vi.getTimerCount()).toBe(100)
  await counters.stop(AbortSignal.timeout(5_000))
  expect(vi.getTimerCount()).toBe(0)
})

it('has nothing of a counter whose time is up, even when timers are late', async () => {
  const counters = createMemoryCounters({ maxKeys: 10 })
  await counters.increment('a', minute)
  vi.setSystemTime(Date.now() + 60_000)
  expect(await counters.read('a')).toBeUndefined()
  expect(await counters.increment('a', minute)).toEqual({ count: 1, expiresInMs: 60_000 })
})
