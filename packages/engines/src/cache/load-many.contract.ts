import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CacheUnderTest } from './cache-under-test.contract.js'
import type { Cache } from './cache.js'

/** `current` is the started, empty cache of a test and what was logged in it. */
export function describeLoadMany(
  current: () => CacheUnderTest & { logged: readonly unknown[] },
): void {
  describe('loadMany', () => {
    let cache: Cache
    let advance: CacheUnderTest['advance']
    let logged: readonly unknown[]
    beforeEach(() => {
      ;({ cache, advance, logged } = current())
    })

    const minute = { ttlMs: 60_000 }
    const failing = () => Promise.reject(new Error('the source is down'))
    const keys = Array.from({ length: 50 }, (_, index) => `film:${index}`)
    const tagged = (key: string) => ({ ...minute, tags: [key] })

    /** Makes every value from its key, and keeps what it was asked for. */
    function maker() {
      const asked: (readonly string[])[] = []
      const make = async (missing: readonly string[]) => {
        asked.push(missing)
        return new Map(missing.map((key) => [key, `made ${key}`]))
      }
      return { asked, make }
    }

    /** Begins to make `wanted` and stops half-way; `land` gives the values or fails. */
    async function underWay(wanted: readonly string[]) {
      const gate = Promise.withResolvers<ReadonlyMap<string, string>>()
      const began = Promise.withResolvers<readonly string[]>()
      const waiting = cache.loadMany(wanted, tagged, (missing) => {
        began.resolve(missing)
        return gate.promise
      })
      const missing = await began.promise
      return { waiting, missing, gate }
    }

    it('makes all that is missing at once, and no more', async () => {
      await cache.set('film:7', 'kept', minute)
      const { asked, make } = maker()
      const values = await cache.loadMany(keys, tagged, make)
      expect(values).toEqual(keys.map((key) => (key === 'film:7' ? 'kept' : `made ${key}`)))
      expect(asked).toEqual([keys.filter((key) => key !== 'film:7')])
      expect(await cache.loadMany(keys, tagged, make)).toEqual(values)
      expect(await cache.getMany(keys)).toEqual(values)
      expect(asked).toHaveLength(1)
    })

    it('answers in the order of the keys, however often one is among them', async () => {
      await cache.set('b', { kept: 'b' }, minute)
      const { asked, make } = maker()
      const values = await cache.loadMany<unknown>(['c', 'b', 'a', 'b', 'c'], tagged, make)
      expect(values).toEqual(['made c', { kept: 'b' }, 'made a', { kept: 'b' }, 'made c'])
      expect(values[1]).not.toBe(values[3])
      expect(asked).toEqual([['c', 'a']])
    })

    it('makes nothing for no keys', async () => {
      const { asked, make } = maker()
      expect(await cache.loadMany([], tagged, make)).toEqual([])
      expect(asked).toEqual([])
    })

    it('keeps null, but not what it was not given', async () => {
      let made = 0
      const load = () =>
        cache.loadMany<string | null>(['null', 'none'], tagged, async () => {
          made += 1
          return new Map([['null', null]])
        })
      expect(await load()).toEqual([null, undefined])
      expect(await load()).toEqual([null, undefined])
      expect(made).toBe(2)
      expect(await cache.getMany(['null', 'none'])).toEqual([null, undefined])
    })

    it('shares with other callers what is under way, and makes only the rest', async () => {
      const first = await underWay(['a', 'b'])
      const { asked, make } = maker()
      const began = Promise.withResolvers<undefined>()
      const second = cache.loadMany(['b', 'c'], tagged, (missing) => {
        began.resolve(undefined)
        return make(missing)
      })
      const one = cache.load('a', minute, failing)
      await began.promise
      first.gate.resolve(
        new Map([
          ['a', 'A'],
          ['b', 'B'],
        ]),
      )
      expect(await first.waiting).toEqual(['A', 'B'])
      expect(await second).toEqual(['B', 'made c'])
      expect(await one).toBe('A')
      expect(asked).toEqual([['c']])
    })

    it('waits for a load that is under way', async () => {
      const gate = Promise.withResolvers<string>()
      const began = Promise.withResolvers<undefined>()
      const one = cache.load('a', minute, () => {
        began.resolve(undefined)
        return gate.promise
      })
      await began.promise
      const { asked, make } = maker()
      const many = cache.loadMany(['a', 'b'], tagged, make)
      gate.resolve('A')
      expect(await many).toEqual(['A', 'made b'])
      expect(await one).toBe('A')
      expect(asked).toEqual([['b']])
    })

    it('lets a failure reach every caller and keeps nothing of it', async () => {
      await cache.set('kept', 'kept', minute)
      const { waiting, gate } = await underWay(['kept', 'a'])
      const other = cache.load('a', minute, failing)
      gate.reject(new Error('the source is down'))
      await expect(waiting).rejects.toThrow('the source is down')
      await expect(other).rejects.toThrow('the source is down')
      expect(await cache.loadMany(['kept', 'a'], tagged, maker().make)).toEqual(['kept', 'made a'])
    })

    it('takes a maker that throws at once as one that fails', async () => {
      const broken = () => {
        throw new Error('broken')
      }
      await expect(cache.loadMany(['a', 'b'], tagged, broken)).rejects.toThrow('broken')
    })

    it('keeps each value for its own time', async () => {
      const { asked, make } = maker()
      const load = () => cache.loadMany(['1000', '2000'], (key) => ({ ttlMs: Number(key) }), make)
      await load()
      await advance(1_000)
      await load()
      expect(asked).toEqual([['1000', '2000'], ['1000']])
    })

    it('answers with stale values and makes them behind, with those that are missing', async () => {
      const options = () => ({ ttlMs: 1_000, staleMs: 10_000 })
      for (const key of ['a', 'b']) await cache.set(key, 'old', options())
      await advance(1_000)
      const { asked, make } = maker()
      expect(await cache.loadMany(['a', 'c', 'b'], options, make)).toEqual(['old', 'made c', 'old'])
      await vi.waitUntil(async () => (await cache.get('b')) === 'made b')
      expect(await cache.loadMany(['a', 'c', 'b'], options, make)).toEqual([
        'made a',
        'made c',
        'made b',
      ])
      expect(asked).toEqual([['a', 'c', 'b']])
    })

    it('keeps stale values when making fails, and says so once', async () => {
      const options = () => ({ ttlMs: 1_000, staleMs: 10_000 })
      for (const key of ['a', 'b']) await cache.set(key, 'old', options())
      await advance(1_000)
      expect(await cache.loadMany(['a', 'b'], options, failing)).toEqual(['old', 'old'])
      await vi.waitUntil(() => logged.length > 0)
      expect(await cache.loadMany(['a', 'b'], options, maker().make)).toEqual(['old', 'old'])
      await vi.waitUntil(async () => (await cache.get('a')) === 'made a')
      expect(logged).toMatchObject([
        { level: 'warn', keys: ['a', 'b'], err: { message: 'the source is down' } },
      ])
    })

    it.each([
      ['a purge of its tag', () => cache.purge(['a']), undefined],
      ['a delete', () => cache.delete('a'), undefined],
      ['a newer write', () => cache.set('a', 'newer', minute), 'newer'],
    ])(
      'does not bring one old value back after %s, and keeps the others',
      async (_name, overtake, left) => {
        const { waiting, gate } = await underWay(['a', 'b'])
        await overtake()
        gate.resolve(
          new Map([
            ['a', 'old'],
            ['b', 'B'],
          ]),
        )
        expect(await waiting).toEqual(['old', 'B'])
        expect(await cache.getMany(['a', 'b'])).toEqual([left, 'B'])
      },
    )

    it('makes a new value for those who ask after a purge, not the one under way', async () => {
      const { waiting, gate } = await underWay(['a', 'b'])
      await cache.purge(['a'])
      const { asked, make } = maker()
      const after = cache.loadMany(['a', 'b'], tagged, make)
      await vi.waitUntil(() => asked.length > 0)
      gate.resolve(
        new Map([
          ['a', 'old'],
          ['b', 'B'],
        ]),
      )
      expect(await after).toEqual(['made a', 'B'])
      expect(await waiting).toEqual(['old', 'B'])
      expect(asked).toEqual([['a']])
      expect(await cache.get('a')).toBe('made a')
    })
  })
}
