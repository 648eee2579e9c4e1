import { beforeEach, describe, expect, it } from 'vitest'
import type { SearchIndex } from '../search-index.js'
import { everything, film, genre, person } from './catalogue.contract.js'

export function describeVersions(open: () => Promise<SearchIndex>): void {
  describe('versions', () => {
    let index: SearchIndex
    beforeEach(async () => {
      index = await open()
    })

    const at = (version: number, en: string) => film('a', { version, title: { en } })
    const found = async (text: string) =>
      (await index.films({ ...everything, text })).hits.map(({ id }) => id)

    it('replaces a document by a newer one, whole', async () => {
      await index.upsert('film', [at(1, 'Aurora')])
      await index.upsert('film', [at(2, 'Borealis')])
      expect(await found('aurora')).toEqual([])
      expect(await found('borealis')).toEqual(['a'])
      expect(await index.count('film')).toBe(1)
    })

    it('skips a document that is older or no newer', async () => {
      await index.upsert('film', [at(2, 'Aurora')])
      await index.upsert('film', [at(1, 'Borealis'), at(2, 'Borealis')])
      expect(await found('borealis')).toEqual([])
      expect(await found('aurora')).toEqual(['a'])
    })

    it('takes the newest of those given at once', async () => {
      await index.upsert('film', [at(1, 'Aurora'), at(3, 'Borealis'), at(2, 'Corona')])
      expect(await found('borealis')).toEqual(['a'])
    })

    it('keeps microseconds apart', async () => {
      const now = 1_790_000_000_000_000
      await index.upsert('film', [at(now, 'Aurora')])
      await index.upsert('film', [at(now + 1, 'Borealis')])
      expect(await found('borealis')).toEqual(['a'])
    })

    it('removes, and refuses what is not newer than the removal', async () => {
      await index.upsert('film', [at(1, 'Aurora')])
      await index.remove('film', [{ id: 'a', version: 5 }])
      expect(await index.count('film')).toBe(0)
      await index.upsert('film', [at(5, 'Aurora')])
      expect(await found('aurora')).toEqual([])
      await index.upsert('film', [at(6, 'Aurora')])
      expect(await found('aurora')).toEqual(['a'])
    })

    it('removes a document of the same version, not a newer one', async () => {
      await index.upsert('film', [at(2, 'Aurora')])
      await index.remove('film', [{ id: 'a', version: 1 }])
      expect(await index.count('film')).toBe(1)
      await index.remove('film', [{ id: 'a', version: 2 }])
      expect(await index.count('film')).toBe(0)
    })

    it('remembers the removal of what it never had', async () => {
      await index.remove('film', [{ id: 'a', version: 2 }])
      await index.upsert('film', [at(1, 'Aurora')])
      expect(await index.count('film')).toBe(0)
    })

    it('keeps kinds apart', async () => {
      await index.upsert('film', [at(1, 'Aurora')])
      await index.upsert('person', [person('a', 'Aurora', 'Аврора')])
      await index.upsert('genre', [genre('a', 'Aurora', 'Аврора')])
      await index.remove('person', [{ id: 'a', version: 1 }])
      await index.remove('genre', [{ id: 'a', version: 1 }])
      const counts = [index.count('film'), index.count('person'), index.count('genre')]
      expect(await Promise.all(counts)).toEqual([1, 0, 0])
      expect(await index.personCount({ language: 'en' })).toBe(0)
      const asked = { prefix: 'aur', language: 'en', audiences: ['everyone'], limit: 9 } as const
      expect((await index.suggest(asked)).map(({ kind }) => kind)).toEqual(['film'])
    })

    it('ends with the newest, in whatever order writers arrive', async () => {
      const versions = Array.from({ length: 30 }, (_, version) => version + 1)
      const writes = versions.map((version) => {
        const order = version % 2 ? ['a', 'b', 'c'] : ['c', 'b', 'a']
        const title = { en: `Edition ${version === 30 ? 'last' : 'early'}` }
        if (version % 7 === 0) return index.remove('film', [{ id: 'a', version }])
        return index.upsert(
          'film',
          order.map((id) => film(id, { version, title })),
        )
      })
      await Promise.all(writes)
      expect((await found('last')).toSorted()).toEqual(['a', 'b', 'c'])
      expect(await found('early')).toEqual([])
    })

    it('writes any number at once', async () => {
      const many = Array.from({ length: 1_001 }, (_, number) => film(`f${number}`))
      await index.upsert('film', many)
      expect(await index.count('film')).toBe(1_001)
      await index.remove('film', many)
      expect(await index.count('film')).toBe(0)
      await index.upsert('film', [])
      await index.remove('film', [])
    })
  })
}
