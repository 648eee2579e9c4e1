import { Writable } from 'node:stream'
import { createLogger, type Logger } from '@cinegraph/kit/logger'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Cache } from './cache.js'
import type { CacheUnderTest } from './cache-under-test.contract.js'
import { describeLoadMany } from './load-many.contract.js'

/** What every adapter of Cache promises. `open` gives an empty cache that nobody else uses. */
export function describeCache(
  name: string,
  open: (options: { log: Logger }) => Promise<CacheUnderTest>,
): void {
  describe(name, () => {
    let cache: Cache
    let advance: CacheUnderTest['advance']
    let logged: Record<string, unknown>[]

    beforeEach(async () => {
      logged = []
      const lines = new Writable({
        write(line: Buffer, _encoding, done) {
          logged.push(JSON.parse(line.toString()) as Record<string, unknown>)
          done()
        },
      })
      const opened = await open({ log: createLogger({ name: 'test' }, lines) })
      cache = opened.cache
      advance = opened.advance
      await cache.start()
    })
    afterEach(() => cache.stop(AbortSignal.timeout(5_000)))

    const minute = { ttlMs: 60_000 }
    const failing = () => Promise.reject(new Error('the source is down'))

    describe('get, set and delete', () => {
      it('reads back what was written', async () => {
        await cache.set('film', { title: 'Метрополис', year: 1927, genres: ['drama'] }, minute)
        expect(await cache.get('film')).toEqual({
          title: 'Метрополис',
          year: 1927,
          genres: ['drama'],
        })
      })

      it('has nothing under a key that was never written', async () => {
        expect(await cache.get('absent')).toBeUndefined()
      })

      it('gives every reader a copy', async () => {
        const written = { genres: ['drama'] }
        await cache.set('film', written, minute)
        written.genres.push('after the write')
        const read = await cache.get<typeof written>('film')
        read?.genres.push('after the read')
        expect(await cache.get('film')).toEqual({ genres: ['drama'] })
      })

      it.each([null, false, 0, '', []])('keeps %j, which is a value', async (value) => {
        await cache.set('empty', value, minute)
        expect(await cache.get('empty')).toEqual(value)
      })

      it('takes undefined as the absence of a value', async () => {
        await cache.set('film', 'old', minute)
        await cache.set('film', undefined, minute)
        expect(await cache.get('film')).toBeUndefined()
      })

      it('tells keys in any script apart', async () => {
        const keys = ['фильм:1', 'фильм:2', '映画 1', 'a b\n"c"', '🎬', 'é', 'e\u0301']
        for (const key of keys) await cache.set(key, key, minute)
        expect(await cache.getMany(keys)).toEqual(keys)
      })

      it('keeps a value of a megabyte', async () => {
        const value = 'ё'.repeat(512 * 1024)
        await cache.set('large', value, minute)
        expect(await cache.get<string>('large')).toBe(value)
      })

      it('reads many keys in their order, with gaps where there is nothing', async () => {
        await cache.set('a', 1, minute)
        await cache.set('c', null, minute)
        expect(await cache.getMany(['c', 'b', 'a', 'a'])).toEqual([null, undefined, 1, 1])
        expect(await cache.getMany([])).toEqual([])
      })

      it('forgets what is deleted', async () => {
        await cache.set('film', 1, minute)
        await cache.delete('film')
        await cache.delete('never there')
        expect(await cache.get('film')).toBeUndefined()
      })

      it('keeps a value until its time has passed', async () => {
        await cache.set('film', 'fresh', { ttlMs: 1_000 })
        await advance(999)
        expect(await cache.get('film')).toBe('fresh')
        await advance(1)
        expect(await cache.get('film')).toBeUndefined()
      })

      it('gives a rewritten value its own time', async () => {
        await cache.set('film', 'short', { ttlMs: 1_000 })
        await cache.set('film', 'long', { ttlMs: 5_000 })
        await advance(4_000)
        expect(await cache.get('film')).toBe('long')
      })

      it('keeps stale values from get', async () => {
        await cache.set('film', 'stale', { ttlMs: 1_000, staleMs: 60_000 })
        await advance(1_000)
        expect(await cache.get('film')).toBeUndefined()
        expect(await cache.getMany(['film'])).toEqual([undefined])
      })
    })

    describe('purge', () => {
      it('removes every entry that has one of the tags, and no other', async () => {
        await cache.set('page', 1, { ...minute, tags: ['film:1', 'person:7'] })
        await cache.set('list', 2, { ...minute, tags: ['film:1', 'film:2'] })
        await cache.set('person', 3, { ...minute, tags: ['person:7'] })
        await cache.set('plain', 4, minute)
        await cache.purge(['film:1', 'nothing has this tag'])
        expect(await cache.getMany(['page', 'list', 'person', 'plain'])).toEqual([
          undefined,
          undefined,
          3,
          4,
        ])
      })

      it('goes by the tags of the last write', async () => {
        await cache.set('list', 'old', { ...minute, tags: ['film:1'] })
        await cache.set('list', 'new', { ...minute, tags: ['film:2'] })
        await cache.purge(['film:1'])
        expect(await cache.get('list')).toBe('new')
        await cache.purge(['film:2'])
        expect(await cache.get('list')).toBeUndefined()
      })

      it('spares an entry that was deleted and written again without the tag', async () => {
        await cache.set('list', 'old', { ...minute, tags: ['film:1'] })
        await cache.delete('list')
        await cache.set('list', 'new', minute)
        await cache.purge(['film:1'])
        expect(await cache.get('list')).toBe('new')
      })

      it('removes what is only stale', async () => {
        await cache.set('film', 'old', { ttlMs: 1, staleMs: 60_000, tags: ['film:1'] })
        await advance(1)
        await cache.purge(['film:1'])
        expect(await cache.load('film', minute, async () => 'made')).toBe('made')
      })
    })

    describe('load', () => {
      it('makes a value once and then keeps it', async () => {
        let made = 0
        const make = async () => ({ made: (made += 1) })
        expect(await cache.load('film', minute, make)).toEqual({ made: 1 })
        expect(await cache.load('film', minute, make)).toEqual({ made: 1 })
        expect(await cache.get('film')).toEqual({ made: 1 })
      })

      it('makes it again when its time has passed', async () => {
        let made = 0
        const load = () => cache.load('film', { ttlMs: 1_000 }, async () => (made += 1))
        await load()
        await advance(1_000)
        expect(await load()).toBe(2)
      })

      it('answers 200 callers at once from one make', async () => {
        const gate = Promise.withResolvers<string>()
        let made = 0
        const calls = Array.from({ length: 200 }, () =>
          cache.load('film', minute, () => {
            made += 1
            return gate.promise
          }),
        )
        gate.resolve('made')
        expect(new Set(await Promise.all(calls))).toEqual(new Set(['made']))
        expect(made).toBe(1)
      })

      it('gives callers at the same time copies that are theirs alone', async () => {
        const load = () => cache.load('film', minute, async () => ({ genres: ['drama'] }))
        const [first, second] = await Promise.all([load(), load()])
        first.genres.push('changed')
        expect(second).toEqual({ genres: ['drama'] })
        expect(await load()).toEqual({ genres: ['drama'] })
      })

      it('answers the same JSON whether it was kept or just made', async () => {
        const load = () =>
          cache.load<unknown>('film', minute, async () => ({ released: new Date(0) }))
        const made = await load()
        expect(made).toEqual({ released: '1970-01-01T00:00:00.000Z' })
        expect(await load()).toEqual(made)
      })

      it('makes values of different keys independently', async () => {
        const never = Promise.withResolvers<string>()
        const stuck = cache.load('stuck', minute, () => never.promise)
        expect(await cache.load('other', minute, async () => 'made')).toBe('made')
        never.resolve('at last')
        expect(await stuck).toBe('at last')
      })

      it('lets a failure reach every caller and keeps nothing of it', async () => {
        const gate = Promise.withResolvers<string>()
        const began = Promise.withResolvers<undefined>()
        const calls = [1, 2, 3].map(() =>
          cache.load('film', minute, () => {
            began.resolve(undefined)
            return gate.promise
          }),
        )
        await began.promise
        gate.reject(new Error('the source is down'))
        const results = await Promise.allSettled(calls)
        expect(results.map((it) => it.status)).toEqual(['rejected', 'rejected', 'rejected'])
        expect(await cache.load('film', minute, async () => 'made')).toBe('made')
      })

      it('keeps null but not undefined', async () => {
        let made = 0
        const count = (value: null | undefined) => async () => {
          made += 1
          return value
        }
        expect(await cache.load('null', minute, count(null))).toBeNull()
        expect(await cache.load('null', minute, count(null))).toBeNull()
        expect(made).toBe(1)
        expect(await cache.load('undefined', minute, count(undefined))).toBeUndefined()
        expect(await cache.load('undefined', minute, count(undefined))).toBeUndefined()
        expect(made).toBe(3)
      })

      it.each([
        ['a purge of its tag', () => cache.purge(['film:1']), undefined],
        ['a delete', () => cache.delete('film'), undefined],
        ['a newer write', () => cache.set('film', 'newer', minute), 'newer'],
      ])('does not bring the old value back after %s', async (_name, overtake, left) => {
        const gate = Promise.withResolvers<string>()
        const options = { ...minute, tags: ['film:1'] }
        const began = Promise.withResolvers<undefined>()
        const waiting = cache.load('film', options, () => {
          began.resolve(undefined)
          return gate.promise
        })
        await began.promise
        await overtake()
        gate.resolve('old')
        expect(await waiting).toBe('old')
        expect(await cache.get('film')).toBe(left)
      })

      it('makes a new value for those who ask after a purge, not the one under way', async () => {
        const gate = Promise.withResolvers<string>()
        const options = { ...minute, tags: ['film:1'] }
        const began = Promise.withResolvers<undefined>()
        const before = cache.load('film', options, () => {
          began.resolve(undefined)
          return gate.promise
        })
        await began.promise
        await cache.purge(['film:1'])
        expect(await cache.load('film', options, async () => 'new')).toBe('new')
        gate.resolve('old')
        expect(await before).toBe('old')
        expect(await cache.get('film')).toBe('new')
      })
    })

    describe('load of a stale value', () => {
      const options = { ttlMs: 1_000, staleMs: 10_000, tags: ['film:1'] }
      beforeEach(async () => {
        await cache.set('film', 'old', options)
        await advance(1_000)
      })

      it('answers at once with the old value and makes a new one behind', async () => {
        const gate = Promise.withResolvers<string>()
        expect(await cache.load('film', options, () => gate.promise)).toBe('old')
        gate.resolve('new')
        await vi.waitUntil(async () => (await cache.get('film')) === 'new')
      })

      it('makes one new value for any number of callers', async () => {
        const gate = Promise.withResolvers<string>()
        let made = 0
        const load = () =>
          cache.load('film', options, () => {
            made += 1
            return gate.promise
          })
        const answers = await Promise.all(Array.from({ length: 50 }, load))
        expect(new Set(answers)).toEqual(new Set(['old']))
        gate.resolve('new')
        await vi.waitUntil(async () => (await cache.get('film')) === 'new')
        expect(made).toBe(1)
      })

      it('keeps the old value when making fails, and says so at warn', async () => {
        expect(await cache.load('film', options, failing)).toBe('old')
        await vi.waitUntil(() => logged.length > 0)
        expect(logged).toMatchObject([
          { level: 'warn', keys: ['film'], err: { message: 'the source is down' } },
        ])
        expect(await cache.load('film', options, async () => 'new')).toBe('old')
        await vi.waitUntil(async () => (await cache.get('film')) === 'new')
      })

      it('gives the old value up when it is no longer stale', async () => {
        await advance(9_999)
        expect(await cache.load('film', options, failing)).toBe('old')
        await vi.waitUntil(() => logged.length > 0)
        await advance(1)
        await expect(cache.load('film', options, failing)).rejects.toThrow('the source is down')
      })

      it('forgets the old value when there is no new one', async () => {
        await cache.load('film', options, async (): Promise<unknown> => undefined)
        await vi.waitUntil(
          async () => (await cache.load('film', options, async () => 'made')) === 'made',
        )
      })

      it('does not bring a purged value back when the refresh lands later', async () => {
        const gate = Promise.withResolvers<string>()
        const began = Promise.withResolvers<undefined>()
        await cache.load('film', options, () => {
          began.resolve(undefined)
          return gate.promise
        })
        await began.promise
        await cache.purge(['film:1'])
        expect(await cache.load('film', options, async () => 'new')).toBe('new')
        gate.resolve('read before the purge')
        // a later load has landed, so has the one that was let go before it
        await cache.load('other', options, async () => 1)
        expect(await cache.get('film')).toBe('new')
      })
    })

    describeLoadMany(() => ({ cache, advance, logged }))

    it('lets what is being made finish before it has stopped', async () => {
      const gate = Promise.withResolvers<string>()
      const began = Promise.withResolvers<undefined>()
      const waiting = cache.load('film', minute, () => {
        began.resolve(undefined)
        return gate.promise
      })
      await began.promise
      const order: string[] = []
      const stopped = cache.stop(AbortSignal.timeout(5_000)).then(() => order.push('stopped'))
      const landed = waiting.then(() => order.push('landed'))
      gate.resolve('made')
      await Promise.all([landed, stopped])
      expect(order).toEqual(['landed', 'stopped'])
    })
  })
}
