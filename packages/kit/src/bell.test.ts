import { expect, test, vi } from 'vitest'
import { Bell } from './bell.js'

const never = new AbortController().signal
const LONG = 2 ** 31 - 1

test('a ring ends the waiting, also one from before it', async () => {
  const bell = new Bell()
  bell.ring()
  await bell.wait(LONG, never)
  const waiting = bell.wait(LONG, never)
  bell.ring()
  await waiting
})

test('rings while nobody waits are heard once', async () => {
  vi.useFakeTimers()
  try {
    const bell = new Bell()
    bell.ring()
    bell.ring()
    await bell.wait(LONG, never)
    let woken = false
    const waiting = bell.wait(1_000, never).then(() => (woken = true))
    await vi.advanceTimersByTimeAsync(999)
    expect(woken).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await waiting
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('a signal ends the waiting, at once when it has aborted', async () => {
  const bell = new Bell()
  const ending = new AbortController()
  const waiting = bell.wait(LONG, ending.signal)
  ending.abort()
  await waiting
  await bell.wait(LONG, ending.signal)
})
