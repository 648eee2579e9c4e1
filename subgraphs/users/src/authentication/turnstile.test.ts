import { openCounters } from '@cinegraph/engines/counters/open'
import { slow } from '@cinegraph/testkit/slow'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTurnstile, FORGOTTEN_AFTER_MS, type Turnstile } from './turnstile.js'

const SECOND = 1_000
const limit = { free: 3, firstDelayMs: SECOND, maxDelayMs: 10 * SECOND }

let enter: Turnstile

beforeEach(() => {
  // the clock of the counters
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  enter = createTurnstile('test', openCounters({ url: 'memory:' }), limit)
})
afterEach(() => {
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTime(ms)

/** Milliseconds to wait; 0 when the attempt passed. */
async function attempt(key = 'ann'): Promise<number> {
  const outcome = await enter(key)
  return outcome.passed ? 0 : outcome.retryAfterMs
}

async function passed(key = 'ann') {
  const outcome = await enter(key)
  if (!outcome.passed) throw new Error(`has to wait ${outcome.retryAfterMs} ms`)
  return outcome
}

async function attemptAtOnce(number: number): Promise<number> {
  const outcomes = await Promise.all(Array.from({ length: number }, () => enter('ann')))
  return outcomes.filter((it) => it.passed).length
}

it('lets the free attempts pass, then one after each delay, which doubles up to the longest', async () => {
  for (let free = 0; free < limit.free; free++) expect(await attempt()).toBe(0)
  for (const seconds of [1, 2, 4, 8, 10, 10, 10]) {
    expect(await attempt()).toBe(seconds * SECOND)
    pass(seconds * SECOND - 1)
    expect(await attempt()).toBe(1)
    pass(1)
    expect(await attempt()).toBe(0)
  }
})

it('does not lengthen the delay for attempts that it refuses', async () => {
  expect(await attemptAtOnce(1_000)).toBe(limit.free)
  expect(await attempt()).toBe(SECOND)
  pass(400)
  await attemptAtOnce(1_000)
  expect(await attempt()).toBe(600)
  pass(600)
  expect(await attempt()).toBe(0)
  expect(await attempt()).toBe(2 * SECOND)
})

it.each([
  ['at once', (counters: ReturnType<typeof openCounters>) => counters],
  ['over a network', slow],
])(
  'lets of a thousand attempts only as many pass as are free, and one after a delay: %s',
  async (_, reach) => {
    enter = createTurnstile('test', reach(openCounters({ url: 'memory:' })), limit)
    expect(await attemptAtOnce(1_000)).toBe(limit.free)
    for (const seconds of [1, 2, 4]) {
      pass(seconds * SECOND)
      expect(await attemptAtOnce(1_000)).toBe(1)
    }
  },
)

it('says which refusal is the first of a delay', async () => {
  await attemptAtOnce(limit.free)
  for (const seconds of [1, 2]) {
    expect(await enter('ann')).toMatchObject({ passed: false, first: true })
    expect(await enter('ann')).toMatchObject({ passed: false, first: false })
    pass(seconds * SECOND)
    await attempt()
  }
})

it('counts each key, and what each turnstile is for, apart', async () => {
  const counters = openCounters({ url: 'memory:' })
  enter = createTurnstile('test', counters, limit)
  await attemptAtOnce(10)
  expect(await attempt('ben')).toBe(0)
  enter = createTurnstile('other', counters, limit)
  expect(await attempt()).toBe(0)
})

it('forgets attempts a day after the first', async () => {
  await attemptAtOnce(limit.free)
  pass(FORGOTTEN_AFTER_MS - 1)
  expect(await attempt()).toBe(0)
  expect(await attempt()).toBe(2 * SECOND)
  pass(2 * SECOND)
  expect(await attemptAtOnce(1_000)).toBe(limit.free)
})

it('forgets all attempts when it is told to', async () => {
  await attemptAtOnce(limit.free)
  pass(SECOND)
  const { forgetAll } = await passed()
  await forgetAll()
  expect(await attemptAtOnce(1_000)).toBe(limit.free)
  expect(await attempt()).toBe(SECOND)
})

it('takes back one free attempt', async () => {
  const first = await passed()
  await attemptAtOnce(limit.free - 1)
  await first.undo()
  pass(SECOND)
  expect(await attempt()).toBe(0)
  expect(await attempt()).toBe(2 * SECOND)
})

it('takes back an attempt after a delay: the next one need not wait, and the delay does not grow', async () => {
  await attemptAtOnce(limit.free)
  pass(SECOND)
  const late = await passed()
  expect(await attempt()).toBe(2 * SECOND)
  await late.undo()
  expect(await attempt()).toBe(0)
  expect(await attempt()).toBe(2 * SECOND)
})

it('leaves nothing of attempts that are all taken back, however many there were', async () => {
  for (let i = 0; i < 20; i++) {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => enter('ann')))
    const entered = outcomes.filter((it) => it.passed)
    expect(entered).toHaveLength(limit.free)
    await Promise.all(entered.map((it) => it.undo()))
  }
})

it('gives nothing for an attempt that is taken back after it was forgotten', async () => {
  const first = await passed()
  pass(FORGOTTEN_AFTER_MS)
  await first.undo()
  expect(await attemptAtOnce(1_000)).toBe(limit.free)
})
