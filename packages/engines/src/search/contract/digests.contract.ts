import { beforeEach, describe, expect, it } from 'vitest'
import { documentDigest } from '../document-digest.js'
import type { SearchIndex } from '../search-index.js'
import { film, films, genre, genres, person, persons } from './catalogue.contract.js'

export function describeDigests(open: () => Promise<SearchIndex>): void {
  describe('digests', () => {
    let index: SearchIndex
    beforeEach(async () => {
      index = await open()
    })
    const ids = async (selection: Parameters<SearchIndex['digests']>[1]) =>
      (await index.digests('film', selection)).map(({ id }) => id)

    it('are those of the documents that were sent, by kind and in the order of ids', async () => {
      const sent = {
        film: films,
        person: Object.values(persons),
        genre: Object.values(genres),
      }
      for (const kind of ['film', 'person', 'genre'] as const) {
        await index.upsert(kind, sent[kind])
        expect(await index.digests(kind, { after: null, limit: 1_000 })).toEqual(
          sent[kind]
            .map((document) => ({ id: document.id, digest: documentDigest(document) }))
            .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        )
      }
    })

    it('come in pages, or of some ids', async () => {
      await index.upsert(
        'film',
        ['d', 'a', 'c', 'b'].map((id) => film(id)),
      )
      expect(await ids({ after: null, limit: 3 })).toEqual(['a', 'b', 'c'])
      expect(await ids({ after: 'c', limit: 3 })).toEqual(['d'])
      expect(await ids({ after: 'd', limit: 3 })).toEqual([])
      expect(await ids({ ids: ['d', 'x', 'b'] })).toEqual(['b', 'd'])
      expect(await ids({ ids: [] })).toEqual([])
    })

    it('are of the newest document, and of none that was removed', async () => {
      const [old, skipped] = [film('a'), film('a', { title: { en: 'Skipped' } })]
      const newer = film('a', { version: 2, title: { en: 'Newer' } })
      await index.upsert('film', [old])
      await index.upsert('film', [skipped])
      const digest = async () => (await index.digests('film', { ids: ['a'] }))[0]?.digest
      expect(await digest()).toBe(documentDigest(old))
      await index.upsert('film', [newer])
      expect(await digest()).toBe(documentDigest(newer))
      await index.remove('film', [{ id: 'a', version: 2 }])
      expect(await digest()).toBeUndefined()
      expect(await ids({ after: null, limit: 9 })).toEqual([])
    })

    it('tell what is not searched as well', async () => {
      const sent = person('a', 'Ada', 'Ада')
      await index.upsert('person', [{ ...sent, version: 2, birthDate: '1815-12-10' }])
      const [found] = await index.digests('person', { ids: ['a'] })
      expect(found!.digest).not.toBe(documentDigest(sent))
      await index.upsert('genre', [genre('g', 'Noir', 'Нуар')])
      expect(await index.digests('genre', { ids: ['g'] })).toHaveLength(1)
    })
  })
}
