import { beforeEach, describe, expect, it } from 'vitest'
import type { SearchIndex } from '../search-index.js'
import type { SearchAdapter } from './adapter.contract.js'
import { everything, film } from './catalogue.contract.js'

const READY = { ready: true }
const [OLDEST, OLD, NEW] = [1, 2, 3]

export function describeReleases({ open, clear }: Omit<SearchAdapter, 'relevance'>): void {
  describe('releases', () => {
    beforeEach(clear)

    const found = async (index: SearchIndex) =>
      (await index.films(everything)).hits.map(({ id }) => id)

    /** Fills and completes the index of a release with one film. */
    async function complete(release: number, id: string): Promise<SearchIndex> {
      const index = await open(release)
      await index.rebuild((next) => next.upsert('film', [film(id)]))
      return index
    }

    it('answers before it is complete, but is not ready and says what to run', async () => {
      const index = await open()
      await index.upsert('film', [film('a')])
      expect(await found(index)).toEqual(['a'])
      expect(await index.isComplete()).toBe(false)
      expect(await index.ready()).toEqual({
        ready: false,
        reason: expect.stringContaining('npm run reindex') as string,
      })
    })

    it('is complete and ready once it was rebuilt, in every process', async () => {
      const [index, other] = [await open(), await open()]
      await index.rebuild(async () => {})
      for (const it of [index, other, await open()]) {
        expect(await it.isComplete()).toBe(true)
        expect(await it.ready()).toEqual(READY)
      }
    })

    it('keeps what it has when it starts again', async () => {
      const index = await open()
      await index.upsert('film', [film('a')])
      expect(await found(await open())).toEqual(['a'])
    })

    it('starts empty and incomplete beside that of another release, which goes on as it was', async () => {
      const old = await complete(OLD, 'old')
      const index = await open(NEW)
      expect(await found(index)).toEqual([])
      expect(await index.isComplete()).toBe(false)
      await index.upsert('film', [film('new')])
      expect(await found(old)).toEqual(['old'])
      expect(await old.isComplete()).toBe(true)
      expect(await (await open(OLD)).ready()).toEqual(READY)
    })

    it('leaves the one it replaces to those who read it', async () => {
      const old = await complete(OLD, 'old')
      const index = await complete(NEW, 'new')
      expect(await found(old)).toEqual(['old'])
      expect(await old.ready()).toEqual(READY)
      expect(await found(index)).toEqual(['new'])
    })

    it('is to be sent the catalogue again when a later release has replaced it: changes went there', async () => {
      await complete(OLD, 'old')
      await complete(NEW, 'new')
      const returned = await open(OLD)
      expect(await returned.isComplete()).toBe(false)
      expect(await returned.ready()).toMatchObject({ ready: false })
      await returned.rebuild(async () => {})
      expect(await returned.ready()).toEqual(READY)
      expect(await (await open(NEW)).isComplete()).toBe(false)
    })

    it('deletes those before the one it replaces', async () => {
      await complete(OLDEST, 'oldest')
      const old = await complete(OLD, 'old')
      await complete(NEW, 'new')
      expect(await found(await open(OLDEST))).toEqual([])
      expect(await found(old)).toEqual(['old'])
    })

    it('leaves alone one that is being filled for a later release', async () => {
      await complete(OLDEST, 'oldest')
      const old = await open(OLD)
      const index = await open(NEW)
      await index.upsert('film', [film('new')])
      await old.rebuild(async () => {})
      expect(await found(index)).toEqual(['new'])
    })
  })
}
