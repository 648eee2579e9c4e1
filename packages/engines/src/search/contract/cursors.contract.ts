import { beforeEach, describe, expect, it } from 'vitest'
import type { FilmDocument, FilmQuery, FilmSort, SearchIndex } from '../search-index.js'
import { everything, EVERYONE, film, person } from './catalogue.contract.js'

const TITLES = ['Comet', 'comet tail', 'Комета', 'Ещё комета', 'Ель и комета', 'Comet']
const DATES = ['1999-12-31', '2000-01-01', '2000-01-01', null, '1895-12-28', null]
const RATINGS = [7.3, null, 7.3, 0.1 + 0.2, null, 10]
const FIELDS = ['RELEVANCE', 'TITLE', 'RELEASE_DATE', 'EXTERNAL_RATING', 'RANDOM'] as const

/** Films with equal keys and missing ones, in every combination of sorts. */
const numbered = (number: number): FilmDocument => {
  const title = TITLES[number % 6]!
  return film(`f${String((number * 37) % 100).padStart(3, '0')}-${number}`, {
    title: number % 2 ? { ru: title } : { en: title },
    originalTitle: title,
    description: { en: 'A comet. '.repeat(number % 4) },
    releaseDate: DATES[(number >> 1) % 6]!,
    externalRating: RATINGS[(number >> 2) % 6]!,
  })
}

export function describeCursors(open: () => Promise<SearchIndex>): void {
  describe('cursors', () => {
    const initial = Array.from({ length: 40 }, (_, number) => numbered(number))
    let index: SearchIndex
    beforeEach(async () => {
      index = await open()
      await index.upsert('film', initial)
    })

    const idsOf = (hits: readonly { id: string }[]) => hits.map(({ id }) => id)
    const all = async (query: FilmQuery) => idsOf((await index.films(query)).hits)

    /** Walks a list while the film just seen, one not yet seen and new ones come and go. */
    async function walk(query: FilmQuery): Promise<{ seen: string[]; removed: Set<string> }> {
      const seen: string[] = []
      const removed = new Set<string>()
      for (let after: string | undefined, page = 1; ; page++) {
        const { hits, hasNextPage } = await index.films({
          ...query,
          first: 3,
          ...(after && { after }),
        })
        seen.push(...idsOf(hits))
        if (!hasNextPage) return { seen, removed }
        after = hits.at(-1)!.cursor
        const ahead = initial.find(({ id }) => !seen.includes(id) && !removed.has(id))
        const gone = [hits.at(-1)!.id, hits.at(0)!.id, ...(page % 3 ? [] : [ahead?.id ?? 'none'])]
        gone.forEach((id) => removed.add(id))
        await index.remove(
          'film',
          gone.map((id) => ({ id, version: 1 })),
        )
        await index.upsert('film', [numbered(1_000 + page), numbered(2_000 - page)])
      }
    }

    const sorts = FIELDS.flatMap((field) =>
      (['ASC', 'DESC'] as const).map((direction): FilmSort => ({ field, direction })),
    )
    describe.each(sorts)('of $field $direction', (sort) => {
      it.each([
        ['without text', undefined],
        ['with text', 'comet'],
        ['with a typo', 'comat'],
        ['in the other layout', 'rjvtnf'],
        ['in the other script', 'kometa'],
      ])('neither repeat nor skip while the list changes, %s', async (_, text) => {
        const query = { ...everything, sort, language: 'ru', ...(text && { text }) } as const
        const before = await all(query)
        expect(before.length).toBeGreaterThan(9)
        const { seen, removed } = await walk(query)
        expect(new Set(seen).size).toBe(seen.length)
        const stayed = before.filter((id) => !removed.has(id) || seen.includes(id))
        expect(seen.filter((id) => before.includes(id))).toEqual(stayed)
      })
    })

    it.each(['RELEASE_DATE', 'EXTERNAL_RATING'] as const)(
      'put a missing %s last in both directions',
      async (field) => {
        const member = field === 'RELEASE_DATE' ? 'releaseDate' : 'externalRating'
        const missing = new Set(initial.filter((it) => it[member] === null).map(({ id }) => id))
        for (const direction of ['ASC', 'DESC'] as const) {
          const ids = await all({ ...everything, sort: { field, direction } })
          expect(new Set(ids.slice(-missing.size))).toEqual(missing)
          const values = ids
            .slice(0, -missing.size)
            .map((id) => initial.find((it) => it.id === id)![member]!)
          const ascending = direction === 'ASC' ? values : values.toReversed()
          expect(ascending).toEqual(
            values.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0)),
          )
        }
      },
    )

    it('reverse the whole order, ties included, with the direction', async () => {
      const both = (['ASC', 'DESC'] as const).map((direction) =>
        all({ ...everything, sort: { field: 'TITLE', direction } }),
      )
      const [ascending, descending] = await Promise.all(both)
      expect(descending).toEqual(ascending!.toReversed())
      const equal = ascending!.filter(
        (id) => initial.find((it) => it.id === id)!.title.en === 'Comet',
      )
      expect(equal).toEqual(equal.toSorted())
    })

    it('sort RELEVANCE without text by release date, newest first', async () => {
      const newest = await all({
        ...everything,
        sort: { field: 'RELEASE_DATE', direction: 'DESC' },
      })
      for (const direction of ['ASC', 'DESC'] as const) {
        const sort = { field: 'RELEVANCE', direction } as const
        expect(await all({ ...everything, sort })).toEqual(newest)
      }
    })

    it('sort at random: alike for a seed, otherwise for another, and not by id', async () => {
      const drawn = (seed?: number) =>
        all({
          ...everything,
          sort: { field: 'RANDOM', direction: 'ASC', ...(seed !== undefined && { seed }) },
        })
      const last = 2 ** 31 - 1
      const [first, again, other, none] = await Promise.all([0, 0, last, undefined].map(drawn))
      expect(again).toEqual(first)
      expect(none).toEqual(first)
      expect(other).not.toEqual(first)
      expect(first).not.toEqual(first!.toSorted())
      expect(new Set(other)).toEqual(new Set(first))
    })

    it('sort titles as readers of the language do, by the other title where one is missing', async () => {
      const titled = await open()
      const titles = ['яблоко', 'Ёлки', 'Елена', 'ель', 'Ежи', 'Zero', 'arrival', 'Åland', '8½']
      await titled.upsert(
        'film',
        titles.map((ru) =>
          film(ru, { title: /\p{Script=Cyrillic}/u.test(ru) ? { ru } : { en: ru } }),
        ),
      )
      const sort = { field: 'TITLE', direction: 'ASC' } as const
      const sorted = async (language: 'en' | 'ru') =>
        idsOf((await titled.films({ ...everything, language, sort })).hits)
      const latin = ['Åland', 'arrival', 'Zero']
      const cyrillic = ['Ежи', 'Елена', 'Ёлки', 'ель', 'яблоко']
      expect(await sorted('en')).toEqual(['8½', ...latin, ...cyrillic])
      expect(await sorted('ru')).toEqual(['8½', ...cyrillic, ...latin])
    })

    it.each([
      ['RELEVANCE', 'comet'],
      ['RELEVANCE', undefined],
      ['NAME', 'comet'],
      ['NAME', undefined],
      ['FILM_COUNT', 'comet'],
      ['FILM_COUNT', undefined],
    ] as const)(
      'of persons by %s neither repeat nor skip while the list changes, with the text %j',
      async (sort, text) => {
        const people = Array.from({ length: 24 }, (_, number) =>
          person(`p${number}`, `Comet ${number % 3}`, `Комета ${number % 3}`),
        )
        await index.upsert('person', people)
        // as many films for several, and none for some
        const credits = people.flatMap(({ id, name }, number) =>
          number % 4 === 0 ? [] : [{ ...{ personId: id, role: 'ACTOR', characters: [] }, name }],
        )
        await index.upsert('film', [
          film('one', { credits }),
          film('two', { credits: credits.slice(9) }),
        ])
        const query = { sort, language: 'ru', ...EVERYONE, ...(text && { text }) } as const
        const before = idsOf((await index.persons({ ...query, first: 100 })).hits)
        expect(before).toHaveLength(people.length)
        const seen: string[] = []
        const removed = new Set<string>()
        for (let after: string | undefined; ;) {
          const page = await index.persons({ ...query, first: 3, ...(after && { after }) })
          seen.push(...idsOf(page.hits))
          if (!page.hasNextPage) break
          after = page.hits.at(-1)!.cursor
          const ahead = before.findLast((id) => !seen.includes(id) && !removed.has(id))
          const gone = [page.hits.at(-1)!.id, ahead ?? 'none']
          gone.forEach((id) => removed.add(id))
          await index.remove(
            'person',
            gone.map((id) => ({ id, version: 1 })),
          )
          const names = ['Comet 1', 'Комета 1'] as const
          await index.upsert('person', [person(`new${seen.length}`, ...names)])
        }
        expect(new Set(seen).size).toBe(seen.length)
        const stayed = before.filter((id) => !removed.has(id) || seen.includes(id))
        expect(seen.filter((id) => before.includes(id))).toEqual(stayed)
      },
    )

    it('are refused by another list', async () => {
      await index.upsert('person', [person('p', 'Comet', 'Комета'), person('q', 'Comet', 'Комета')])
      const query: FilmQuery = { ...everything, text: 'comet', first: 1 }
      const after = (await index.films(query)).hits[0]!.cursor
      const refused = { code: 'BAD_USER_INPUT', details: { argument: ['after'] } }
      const foreign: FilmQuery[] = [
        { ...query, text: 'комета' },
        { ...query, text: '' },
        { ...query, language: 'ru' },
        { ...query, sort: { field: 'TITLE', direction: 'ASC' } },
        { ...query, sort: { field: 'RELEVANCE', direction: 'ASC' } },
        { ...query, sort: { field: 'RELEVANCE', direction: 'DESC', seed: 1 } },
      ]
      for (const other of foreign) {
        await expect(index.films({ ...other, after })).rejects.toMatchObject(refused)
      }
      const persons = { language: 'en', sort: 'RELEVANCE', text: 'comet', first: 1 } as const
      await expect(index.persons({ ...persons, after })).rejects.toMatchObject(refused)
      expect((await index.films({ ...query, after })).hits).toHaveLength(1)
    })

    it.each([
      '',
      'x',
      '%%%',
      'W10',
      'bnVsbA',
      Buffer.from('["a","b","c",[["\'"]]]').toString('base64url'),
    ])('are refused when made up: %j', async (after) => {
      await expect(index.films({ ...everything, after })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      })
    })
  })
}
