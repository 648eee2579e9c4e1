import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CountersUnderTest } from './counters-under-test.contract.js'
import { MAX_WINDOW_MS, type Counters } from './counters.js'

/** What every adapter of Counters promises. `open` gives counters that nobody else uses. */
export function describeCounters(name: string, open: () => Promise<CountersUnderTest>): void {
  describe(name, () => {
    let counters: Counters
    let advance: CountersUnderTest['advance']

    beforeEach(async () => {
      ;({ counters, advance } = await open())
      await counters.start()
    })
    afterEach(() => counters.stop(AbortSignal.timeout(5_000)))

    const minute = { windowMs: 60_000 }
    const countOf = async (key: string) => (await counters.read(key))?.count

    describe('increment', () => {
      it('counts from one, each key for itself', async () => {
        for (const count of [1, 2, 3]) {
          expect(await counters.increment('a', minute)).toMatchObject({ count })
        }
        expect(await counters.increment('b', minute)).toMatchObject({ count: 1 })
        expect(await countOf('a')).toBe(3)
      })

      it('adds the amount, and takes back a negative one', async () => {
        expect(await counters.increment('a', { ...minute, amount: 10 })).toMatchObject({
          count: 10,
        })
        expect(await counters.increment('a', { ...minute, amount: -3 })).toMatchObject({ count: 7 })
        expect(await counters.increment('a', { ...minute, amount: 0 })).toMatchObject({ count: 7 })
      })

      it('gives each of 1,000 callers at once a number of their own', async () => {
        const counts = await Promise.all(
          Array.from({ length: 1_000 }, () => counters.increment('busy', minute)),
        )
        expect(counts.map((it) => it.count).sort((a, b) => a - b)).toEqual(
          Array.from({ length: 1_000 }, (_, i) => i + 1),
        )
        expect(await countOf('busy')).toBe(1_000)
      })

      it('counts a thousand keys at once apart', async () => {
        const keys = Array.from({ length: 1_000 }, (_, i) => `key ${i}`)
        const counts = await Promise.all(
          [...keys, ...keys].map((key) => counters.increment(key, minute)),
        )
        expect(counts.map((it) => it.count).sort()).toEqual(
          [...keys.map(() => 1), ...keys.map(() => 2)].sort(),
        )
      })

      it('tells keys in any script and of any length apart', async () => {
        const long = 'ё'.repeat(512 * 1024)
        const keys = ['', 'логин:1', 'логин:2', '映画', 'a b\n"c"', '🎬', 'é', 'e\u0301', 'a:b']
        keys.push('a:', 'A', 'a\0b', '{a}', '__proto__', 'constructor', long, `${long}!`)
        for (const [i, key] of keys.entries()) {
          await counters.increment(key, { ...minute, amount: i + 1 })
        }
        expect(await Promise.all(keys.map(countOf))).toEqual(keys.map((_, i) => i + 1))
      })

      it.each([0, -1, 0.5, MAX_WINDOW_MS + 1, NaN, Infinity])(
        'refuses a window of %d ms and counts nothing',
        async (windowMs) => {
          await expect(counters.increment('a', { windowMs })).rejects.toThrow(RangeError)
          expect(await countOf('a')).toBeUndefined()
        },
      )

      it.each([0.5, NaN, Infinity, 2 ** 53])('refuses to add %d', async (amount) => {
        await expect(counters.increment('a', { ...minute, amount })).rejects.toThrow(RangeError)
        expect(await countOf('a')).toBeUndefined()
      })
    })

    describe('the window', () => {
      it('begins with the first increment and is not prolonged by the next', async () => {
        expect(await counters.increment('a', minute)).toEqual({ count: 1, expiresInMs: 60_000 })
        await advance(20_000)
        expect(await counters.increment('a', minute)).toEqual({ count: 2, expiresInMs: 40_000 })
        expect(await counters.read('a')).toEqual({ count: 2, expiresInMs: 40_000 })
        await advance(39_999)
        expect(await counters.read('a')).toEqual({ count: 2, expiresInMs: 1 })
      })

      it('ends: then there is nothing, and counting begins anew', async () => {
        await counters.increment('a', { ...minute, amount: 7 })
        await advance(60_000)
        expect(await counters.read('a')).toBeUndefined()
        expect(await counters.increment('a', { windowMs: 5_000 })).toEqual({
          count: 1,
          expiresInMs: 5_000,
        })
      })

      it('is that of the first increment, whatever the next ask for', async () => {
        await counters.increment('a', { windowMs: 1_000 })
        expect(await counters.increment('a', minute)).toEqual({ count: 2, expiresInMs: 1_000 })
        await advance(1_000)
        expect(await counters.read('a')).toBeUndefined()
      })

      it('is each key’s own', async () => {
        await counters.increment('short', { windowMs: 1_000 })
        await counters.increment('long', { windowMs: MAX_WINDOW_MS })
        await advance(1_000)
        expect(await countOf('short')).toBeUndefined()
        expect(await countOf('long')).toBe(1)
      })

      it('that ended lets one of many callers at once be the first', async () => {
        await counters.increment('turn', { windowMs: 1_000 })
        await advance(1_000)
        const counts = await Promise.all(
          Array.from({ length: 100 }, () => counters.increment('turn', { windowMs: 1_000 })),
        )
        expect(counts.filter((it) => it.count === 1)).toHaveLength(1)
      })
    })

    describe('read and reset', () => {
      it('has nothing under a key that was never counted', async () => {
        expect(await counters.read('never')).toBeUndefined()
      })

      it('counts nothing by reading', async () => {
        await counters.increment('a', minute)
        await Promise.all(Array.from({ length: 10 }, () => counters.read('a')))
        expect(await countOf('a')).toBe(1)
      })

      it('forgets what is reset, and no more', async () => {
        await counters.increment('a', minute)
        await counters.increment('b', minute)
        await counters.reset('a')
        await counters.reset('never')
        expect(await counters.read('a')).toBeUndefined()
        expect(await countOf('b')).toBe(1)
      })

      it('gives a counter that was reset a new window', async () => {
        await counters.increment('a', minute)
        await advance(30_000)
        await counters.reset('a')
        expect(await counters.increment('a', minute)).toEqual({ count: 1, expiresInMs: 60_000 })
        await advance(30_000)
        expect(await countOf('a')).toBe(1)
      })
    })
  })
}
