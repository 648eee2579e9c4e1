import { beforeEach, describe, expect, it } from 'vitest'
import type { FilmDocument, SearchIndex, SimilarHit, SimilarQuery } from '../search-index.js'
import { EVERYONE, film } from './catalogue.contract.js'

const name = { en: 'Someone' }
const credits = (role: string, ...ids: string[]) =>
  ids.map((personId) => ({ personId, role, characters: [], name }))
const genres = (...ids: string[]) => ids.map((id) => ({ id, name }))
const CAST = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'jim']

const seed = film('seed', {
  genres: genres('drama', 'noir'),
  credits: [
    ...credits('DIRECTOR', 'lang'),
    ...credits('WRITER', 'harbou'),
    ...credits('ACTOR', ...CAST),
  ],
})
/** So that of the two genres one is common. */
const dramas = Array.from({ length: 30 }, (_, number) =>
  film(`drama${String(number).padStart(2, '0')}`, { genres: genres('drama'), releaseYear: 1990 }),
)

export function describeSimilar(open: () => Promise<SearchIndex>): void {
  describe('similar films', () => {
    let index: SearchIndex
    beforeEach(async () => {
      index = await open()
      await index.upsert('film', [seed, ...dramas])
    })

    const query: SimilarQuery = { to: ['seed'], filter: EVERYONE, first: 100 }
    const similar = (given: Partial<SimilarQuery> = {}) =>
      index.similarFilms({ ...query, ...given })
    const idsOf = (hits: readonly { id: string }[]) => hits.map(({ id }) => id)
    const ids = async (given: Partial<SimilarQuery> = {}) => idsOf((await similar(given)).hits)
    const add = (...films: FilmDocument[]) => index.upsert('film', films)

    it('are those with something in common, and never the film itself', async () => {
      await add(
        film('stranger'),
        film('other-role', { credits: credits('ACTOR', 'lang') }),
        film('match', { credits: credits('DIRECTOR', 'lang') }),
      )
      expect(new Set(await ids())).toEqual(new Set(['match', ...idsOf(dramas)]))
      expect(await ids({ to: ['stranger'] })).toEqual([])
      expect(await ids({ to: ['no such film'] })).toEqual([])
    })

    it('of many films are those of each', async () => {
      await add(film('match', { credits: credits('DIRECTOR', 'lang') }), film('stranger'))
      const { hits } = await similar({ first: 2 })
      const asked: SimilarQuery[] = [
        ...[
          { ...query, first: 2 },
          { ...query, first: 2, after: hits[1]!.cursor },
        ],
        ...['match', 'stranger', 'drama00'].map((id) => ({ ...query, to: [id] })),
        { ...query, to: ['seed', 'match'], filter: { ...EVERYONE, excludedIds: ['drama01'] } },
      ]
      const lists = await index.similarLists([...asked, { ...query, after: 'made up' }, query])
      const each = await Promise.all([...asked, query].map((it) => index.similarFilms(it)))
      expect(lists.filter((_, place) => place !== asked.length)).toEqual(each)
      expect(lists[asked.length]).toMatchObject({ code: 'BAD_USER_INPUT' })
      const many = Array.from({ length: 130 }, (_, number) => asked[number % asked.length]!)
      expect(await index.similarLists(many)).toEqual(many.map((it) => each[asked.indexOf(it)]))
      expect(await index.similarLists([])).toEqual([])
    })

    it('come in the order of what they share', async () => {
      await add(
        film('director', { credits: credits('DIRECTOR', 'lang') }),
        film('writer', { credits: credits('WRITER', 'harbou') }),
        film('noir', { genres: genres('noir') }),
        film('both', { genres: genres('drama', 'noir') }),
        film('actor', { credits: credits('ACTOR', 'ann') }),
        film('actors', { credits: credits('ACTOR', ...CAST.slice(0, 4)) }),
        film('auteur', {
          credits: [...credits('DIRECTOR', 'lang'), ...credits('WRITER', 'harbou')],
        }),
      )
      const found = await ids()
      const inOrder = (...expected: string[]) =>
        expect(found.filter((id) => expected.includes(id))).toEqual(expected)
      inOrder('auteur', 'director', 'writer', 'actors', 'actor')
      inOrder('both', 'noir', 'drama00')
    })

    it('are decided by type, year and rating, where they share the same, and then by id', async () => {
      const to = film('to', { genres: genres('western'), releaseYear: 1930 })
      const western = (id: string, given: Partial<FilmDocument>) =>
        film(id, { genres: genres('western'), releaseYear: 1930, ...given })
      await add(
        to,
        western('e', { type: 'TV_SHOW' }),
        western('d', { releaseYear: 2010 }),
        western('c', {}),
        western('a', {}),
        western('b', { externalRating: 8 }),
      )
      expect((await ids({ to: ['to'] })).slice(0, 3)).toEqual(['b', 'a', 'c'])
    })

    it('say what is shared, the weightiest first', async () => {
      await add(
        film('match', {
          genres: genres('noir', 'comedy'),
          credits: [...credits('DIRECTOR', 'lang', 'other'), ...credits('ACTOR', 'ann', 'cid')],
        }),
      )
      const { hits } = await similar({ first: 1 })
      const { id, likeTo } = hits[0]!
      expect({ id, likeTo }).toEqual({
        id: 'match',
        likeTo: [
          {
            id: 'seed',
            likenesses: expect.arrayContaining([
              { of: 'CREDITS', role: 'DIRECTOR', personIds: ['lang'] },
              { of: 'CREDITS', role: 'ACTOR', personIds: ['ann', 'cid'] },
              { of: 'GENRES', genreIds: ['noir'], total: 2 },
            ]) as unknown,
          },
        ],
      })
      expect(likeTo[0]!.likenesses).toHaveLength(3)
      expect(likeTo[0]!.likenesses[0]).toMatchObject({ role: 'DIRECTOR' })
      await add(film('both', { genres: genres('drama', 'noir') }))
      const both = (await similar()).hits.find((it) => it.id === 'both')!
      expect(both.likeTo[0]!.likenesses).toEqual([
        { of: 'GENRES', genreIds: ['noir', 'drama'], total: 2 },
      ])
    })

    it('to several films say to which, the most alike first; one strong likeness outweighs weak ones', async () => {
      await add(
        film('second', { credits: credits('DIRECTOR', 'murnau'), genres: genres('drama') }),
        film('third', { genres: genres('drama') }),
        film('by-murnau', { credits: credits('DIRECTOR', 'murnau'), genres: genres('drama') }),
        film('by-lang', { credits: credits('DIRECTOR', 'lang') }),
      )
      const { hits } = await similar({ to: ['seed', 'third', 'second'] })
      expect(idsOf(hits).slice(0, 2)).toEqual(['by-murnau', 'by-lang'])
      expect(hits[0]!.likeTo.map(({ id }) => id)).toEqual(['second', 'third', 'seed'])
      expect(hits[1]!.likeTo.map(({ id }) => id)).toEqual(['seed'])
      expect(idsOf(hits)).not.toContain('second')
      expect(idsOf(hits)).not.toContain('third')
    })

    it('know no film outside of the audiences, be it asked for, found or counted', async () => {
      const behind = { audience: 'role:subscriber', genres: genres('noir') }
      await add(film('noir', { genres: genres('noir') }))
      const before = await similar()
      await add(
        ...Array.from({ length: 40 }, (_, number) => film(`secret${number}`, behind)),
        film('secret', { ...behind, credits: credits('DIRECTOR', 'lang') }),
      )
      expect(await similar()).toEqual(before)
      expect(await ids({ to: ['secret'] })).toEqual([])
      const withSecret = await similar({ to: ['seed', 'secret'] })
      expect(withSecret.hits.map(({ id, likeTo }) => ({ id, likeTo }))).toEqual(
        before.hits.map(({ id, likeTo }) => ({ id, likeTo })),
      )
      expect(await ids({ filter: { audiences: [] } })).toEqual([])
      const subscribers = { audiences: ['everyone', 'role:subscriber'] }
      expect(await ids({ filter: subscribers, first: 1 })).toEqual(['secret'])
    })

    it('follow changes of films, whatever changed', async () => {
      await add(film('match', { genres: genres('noir'), credits: credits('DIRECTOR', 'lang') }))
      const likenesses = async (): Promise<SimilarHit['likeTo'][number]['likenesses']> =>
        (await similar()).hits.find(({ id }) => id === 'match')?.likeTo[0]?.likenesses ?? []
      expect(await likenesses()).toHaveLength(2)
      await add(film('match', { version: 2, genres: genres('noir') }))
      expect(await likenesses()).toMatchObject([{ of: 'GENRES' }])
      await add(film('match', { version: 3, genres: genres('comedy') }))
      expect(await likenesses()).toEqual([])
      await add(film('match', { version: 4, genres: genres('drama') }))
      expect(await likenesses()).toMatchObject([{ genreIds: ['drama'] }])
      await add(film('match', { version: 5, genres: genres('drama'), audience: 'editors' }))
      expect(await likenesses()).toEqual([])
      await index.remove('film', [{ id: 'seed', version: 2 }])
      expect(await ids()).toEqual([])
    })

    it('leave out films that are excluded, however many', async () => {
      const kept = dramas[29]!.id
      const excludedIds = idsOf(dramas.slice(0, 29))
      expect(await ids({ filter: { ...EVERYONE, excludedIds } })).toEqual([kept])
    })

    it('neither repeat nor skip while the list changes', async () => {
      const numbered = (number: number, given: Partial<FilmDocument> = {}) =>
        film(`n${String((number * 37) % 100).padStart(2, '0')}-${number}`, {
          genres: number % 3 ? genres('noir') : genres('drama', 'noir'),
          credits: number % 4 ? [] : credits('ACTOR', CAST[number % 10]!),
          ...given,
        })
      const initial = Array.from({ length: 40 }, (_, number) => numbered(number))
      await add(...initial)
      const before = await ids()
      const [seen, removed] = [[] as string[], new Set<string>()]
      for (let after: string | undefined, page = 1; ; page++) {
        const { hits, hasNextPage } = await similar({ first: 4, ...(after && { after }) })
        seen.push(...idsOf(hits))
        if (!hasNextPage) break
        after = hits.at(-1)!.cursor
        const ahead = initial.find(({ id }) => !seen.includes(id) && !removed.has(id))
        const gone = [hits.at(-1)!.id, ...(page % 3 || !ahead ? [] : [ahead.id])]
        gone.forEach((id) => removed.add(id))
        await index.remove(
          'film',
          gone.map((id) => ({ id, version: 1 })),
        )
        // a genre becomes more common, so that what is scored anew has other scores
        await add(...[1, 2, 3].map((more) => numbered(1_000 * more + page)))
      }
      expect(new Set(seen).size).toBe(seen.length)
      const stayed = before.filter((id) => !removed.has(id) || seen.includes(id))
      expect(seen.filter((id) => before.includes(id))).toEqual(stayed)
    })

    it('are paged: as many as asked for, and the rest', async () => {
      const all = await ids()
      expect(all).toHaveLength(30)
      const page = await similar({ first: 20 })
      const told = { hasNextPage: true, total: 30 }
      expect({ ...page, hits: idsOf(page.hits) }).toEqual({ ...told, hits: all.slice(0, 20) })
      const next = await similar({ first: 10, after: page.hits.at(-1)!.cursor })
      expect({ ...next, hits: idsOf(next.hits) }).toEqual({
        ...{ hasNextPage: false, total: 30, hits: all.slice(20) },
      })
    })

    it.each(['', 'x', '%%%', 'W10', Buffer.from('["a",1,"b",[["c",0]]]').toString('base64url')])(
      'refuse a cursor that is made up: %j',
      async (after) => {
        await expect(similar({ after })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
      },
    )

    it('refuse a cursor of other films', async () => {
      await add(film('other', { genres: genres('drama') }))
      const after = (await similar({ first: 1 })).hits[0]!.cursor
      for (const to of [['other'], ['seed', 'other'], ['other', 'seed']]) {
        await expect(similar({ to, after })).rejects.toMatchObject({
          code: 'BAD_USER_INPUT',
          details: { argument: ['after'] },
        })
      }
    })
  })
}
