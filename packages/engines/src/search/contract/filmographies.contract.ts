import { beforeAll, describe, expect, it } from 'vitest'
import type { FilmHitPage, FilmQuery, RefusedList, SearchIndex } from '../search-index.js'
import { credit, everything, EVERYONE, film } from './catalogue.contract.js'

const GENRES = ['g0', 'g1', 'g2']
const FIELDS = ['RELEVANCE', 'TITLE', 'RELEASE_DATE', 'EXTERNAL_RATING', 'RANDOM'] as const
const MANY = 2_000
const name = { en: 'Someone' }

/** What a list of films is asked for on pages of persons and genres. */
const queries = FIELDS.flatMap((field) =>
  (['ASC', 'DESC'] as const).flatMap((direction) =>
    [{ genreIds: ['g1'] }, { persons: [{ id: 'keaton' }] }, {}].map((conditions): FilmQuery => ({
      ...everything,
      ...{ sort: { field, direction }, first: 4, filter: { ...EVERYONE, ...conditions } },
    })),
  ),
)

export function describeFilmographies(open: () => Promise<SearchIndex>): void {
  describe('pages of persons and genres', () => {
    let index: SearchIndex
    beforeAll(async () => {
      index = await open()
      const films = Array.from({ length: 30 }, (_, number) =>
        film(`f${number}`, {
          audience: number % 7 ? 'everyone' : 'editors',
          releaseDate: number % 3 ? `19${20 + number}-01-01` : null,
          externalRating: number % 4 ? (number * 3) % 10 : null,
          genres: [{ id: GENRES[number % 3]!, name }],
          credits: [
            credit('keaton', { role: 'DIRECTOR' }),
            credit('keaton', { characters: [`Man ${number}`, 'His double'] }),
            ...(number % 2 ? [credit('cline', { role: 'DIRECTOR' })] : []),
          ],
        }),
      )
      const crowd = Array.from({ length: MANY }, (_, number) =>
        credit(`extra${number}`, { characters: [`Passer-by ${number}`] }),
      )
      await index.upsert('film', [...films, film('crowd', { credits: crowd })])
    })

    const page = (it: FilmHitPage | RefusedList | undefined): FilmHitPage => {
      if (!it || it instanceof Error) throw it ?? new Error('no page')
      return it
    }

    it('show the lists that are asked for one by one, page after page', async () => {
      let asked: FilmQuery[] = queries
      for (let pages = 0; pages < 3; pages++) {
        const lists = await index.filmLists(asked)
        expect(lists).toEqual(await Promise.all(asked.map((query) => index.films(query))))
        asked = asked.flatMap((query, at) => {
          const { hits, hasNextPage } = page(lists[at])
          return hasNextPage ? [{ ...query, after: hits.at(-1)!.cursor }] : []
        })
      }
      expect(asked.length).toBeGreaterThan(0)
    })

    it('show any number of lists in the order given, the same ones too', async () => {
      const many = Array.from({ length: 7 }, () => queries).flat()
      const [once, lists] = [await index.filmLists(queries), await index.filmLists(many)]
      expect(lists).toEqual(many.map((_, at) => once[at % queries.length]))
      expect(await index.filmLists([])).toEqual([])
    })

    it('lose no list for a cursor of another', async () => {
      const [query, other] = [queries[0]!, queries.at(-1)!]
      const after = page((await index.filmLists([query]))[0]).hits[0]!.cursor
      const lists = await index.filmLists([query, { ...other, after }, other])
      expect(lists[1]).toMatchObject({ code: 'BAD_USER_INPUT', details: { argument: ['after'] } })
      expect([lists[0], lists[2]]).toEqual(await index.filmLists([query, other]))
    })

    it('count the films of persons, in a role or in any, that the viewer may see', async () => {
      const persons = [
        { id: 'keaton' },
        { id: 'cline', role: 'DIRECTOR' },
        { id: 'cline', role: 'ACTOR' },
        { id: 'nobody' },
        { id: 'keaton', role: 'ACTOR' },
        { id: 'extra7' },
      ]
      for (const audiences of [[], ['everyone'], ['everyone', 'editors']]) {
        const counts = persons.map((it) =>
          index.filmCount({ ...everything, filter: { audiences, persons: [it] } }),
        )
        expect(await index.filmCountsByPerson(persons, audiences)).toEqual(
          await Promise.all(counts),
        )
      }
      expect(await index.filmCountsByPerson(persons, ['everyone'])).toEqual([25, 13, 0, 0, 25, 1])
      expect(await index.filmCountsByPerson([], ['everyone'])).toEqual([])
    })

    it('say what a person did for a film, in billing order', async () => {
      const asked = [
        { filmId: 'f1', personId: 'keaton' },
        { filmId: 'f2', personId: 'cline' },
        { filmId: 'crowd', personId: 'extra1999' },
        { filmId: 'f1', personId: 'cline' },
        { filmId: 'none', personId: 'keaton' },
      ]
      const directed = { role: 'DIRECTOR', characters: [] }
      expect(await index.creditsOf(asked)).toEqual([
        [directed, { role: 'ACTOR', characters: ['Man 1', 'His double'] }],
        [],
        [{ role: 'ACTOR', characters: ['Passer-by 1999'] }],
        [directed],
        [],
      ])
      expect(await index.creditsOf([])).toEqual([])
    })

    it('say what is so now', async () => {
      const asked = [{ filmId: 'recast', personId: 'keaton' }]
      const buster = (version: number, ...characters: string[]) =>
        film('recast', { version, credits: [credit('keaton', { characters })] })
      await index.upsert('film', [buster(1, 'Rollo')])
      await index.upsert('film', [buster(2)])
      expect(await index.creditsOf(asked)).toEqual([[{ role: 'ACTOR', characters: [] }]])
      await index.remove('film', [buster(3)])
      expect(await index.creditsOf(asked)).toEqual([[]])
    })
  })
}
