import { afterEach, expect, it, vi } from 'vitest'
import { collected } from './metrics.js'

afterEach(() => {
  vi.useRealTimers()
})

it('is what an engine tells, or nothing when it cannot', async () => {
  expect(await collected(Promise.resolve(7))).toBe(7)
  expect(await collected(Promise.reject<number>(new Error('away')))).toBeUndefined()
})

it('does not keep the other figures waiting for an engine that stands still', async () => {
  vi.useFakeTimers()
  const told = collected(new Promise(() => {}))
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await told).toBeUndefined()
})
