import { openCache } from '@cinegraph/engines/cache/open'
import type { FilmQuery } from '@cinegraph/engines/search/search-index'
import { createLogger } from '@cinegraph/kit/logger'
import { slow } from '@cinegraph/testkit/slow'
import { describe, expect, it } from 'vitest'
import type { FilmRecord } from '../films/film.record.js'
import { CatalogueReader } from './catalogue-reader.js'

const film = (id: string): FilmRecord => ({
  id,
  slug: `film-${id}`,
  type: 'MOVIE',
  status: 'PUBLISHED',
  title: { en: id },
  description: {},
  tagline: {},
  originalTitle: id,
  originalLanguage: 'en',
  releaseDate: null,
  releaseYear: null,
  runtimeMinutes: null,
  ageRating: 0,
  countries: [],
  externalRating: null,
  creditsStartSec: null,
  requiredRole: null,
  hiddenWithoutRole: false,
  trailerUrl: null,
  publishAt: null,
  deletedAt: null,
  audience: 'everyone',
  version: 1,
})

/** A reader over an index and rows that number their answers, so that an answer from the cache is the same one again. */
async function openReader() {
  const cache = openCache({ url: 'memory:', log: createLogger({ name: 'test', level: 'fatal' }) })
  await cache.start()
  let answers = 0
  const batches: (readonly string[])[] = []
  const reader = new CatalogueReader({
    // as Redis answers: not all at once
    cache: slow(cache),
    search: {
      films: async () => ({
        hits: [],
        hasNextPage: (answers += 1) % 2 === 0,
        didYouMean: null,
      }),
      filmLists: async (queries) =>
        queries.map(() => ({ hits: [], hasNextPage: (answers += 1) % 2 === 0, didYouMean: null })),
      filmCountsByPerson: async (persons) => persons.map(() => (answers += 1)),
      creditsOf: async (asked) =>
        asked.map(() => [{ role: 'ACTOR', characters: [String((answers += 1))] }]),
      similarLists: async (queries) =>
        queries.map(() => ({ hits: [], hasNextPage: false, total: (answers += 1) })),
      similarFilms: async () => ({ hits: [], hasNextPage: false, total: (answers += 1) }),
      filmCount: async () => (answers += 1),
      filmFacets: async () => new Map([['TYPE', [{ value: 'MOVIE', count: (answers += 1) }]]]),
      filmCountsByGenre: async (ids) => new Map(ids.map((id) => [id, (answers += 1)])),
      suggest: async () => [{ kind: 'genre', id: String((answers += 1)), text: 'drama' }],
    },
    films: {
      findByIds: async (ids) => (batches.push(ids), ids.filter((id) => id !== 'none').map(film)),
      findIdBySlug: async (slug) => `${slug}-${(answers += 1)}`,
    },
  })
  return { cache, reader, batches, answers: () => answers }
}

const queryOf = (audiences: readonly string[], after?: string): FilmQuery => ({
  language: 'en',
  filter: { audiences },
  sort: { field: 'TITLE', direction: 'ASC' },
  first: 20,
  ...(after === undefined ? {} : { after }),
})
const EVERYONE = ['everyone']
const EDITORS = ['everyone', 'editors']
const cached = { fresh: false }

describe('CatalogueReader', () => {
  it('answers the first page of a list once for all viewers of a class', async () => {
    const { reader, answers } = await openReader()
    const first = await reader.films(queryOf(EVERYONE))
    expect(await reader.films(queryOf(EVERYONE))).toEqual(first)
    expect(answers()).toBe(1)
    await reader.films(queryOf(['everyone', 'role:subscriber']))
    expect(answers()).toBe(2)
  })

  it.each([
    ['a later page', queryOf(EVERYONE, 'cursor')],
    ['an editor', queryOf(EDITORS)],
  ])('asks the index again for %s', async (_what, query) => {
    const { reader, answers } = await openReader()
    await reader.films(query)
    await reader.films(query)
    expect(answers()).toBe(2)
  })

  it('shares the first pages of many lists one by one, and reads them all at once', async () => {
    const { reader, answers } = await openReader()
    const [titles, later] = [queryOf(EVERYONE), { ...queryOf(EVERYONE), first: 3 }]
    const [first] = await reader.filmLists([titles])
    const both = await reader.filmLists([later, titles])
    expect(both[1]).toEqual(first)
    expect(await reader.films(titles)).toEqual(first)
    expect(answers()).toBe(2)
    await reader.filmLists([titles, queryOf(EVERYONE, 'cursor')])
    expect(answers()).toBe(4)
    await reader.filmLists([queryOf(EDITORS)])
    await reader.filmLists([queryOf(EDITORS)])
    expect(answers()).toBe(6)
  })

  it('keeps what a person did for a film until the film changes', async () => {
    const { cache, reader, answers } = await openReader()
    const [a, b] = ['a', 'b'].map((filmId) => ({ filmId, personId: 'p' }))
    const [of] = await reader.creditsOf([a!], cached)
    expect((await reader.creditsOf([b!, a!], cached))[1]).toEqual(of)
    expect(answers()).toBe(2)
    await cache.purge(['film:a'])
    await reader.creditsOf([a!, b!], cached)
    expect(answers()).toBe(3)
    await reader.creditsOf([b!], { fresh: true })
    expect(answers()).toBe(4)
  })

  it('shares films like a film, but no list of somebody’s own', async () => {
    const { reader, answers } = await openReader()
    const shared = { to: ['a'], filter: { audiences: EVERYONE }, first: 20 }
    const once = await reader.similarFilms(shared)
    expect(await reader.similarFilms(shared)).toEqual(once)
    expect(answers()).toBe(1)
    const filter = { audiences: EVERYONE, excludedIds: ['hidden'] }
    const owns = [
      () => reader.similarFilms({ ...shared, to: ['a', 'b'] }),
      () => reader.similarFilms({ ...shared, filter }),
      () => reader.similarFilms({ ...shared, after: 'cursor' }),
      () => reader.films({ ...queryOf(EVERYONE), filter }),
      () => reader.filmCount({ language: 'en', filter }),
    ]
    for (const own of [...owns, ...owns]) await own()
    expect(answers()).toBe(1 + 2 * owns.length)
  })

  it('shares counts, facets, counts by genre and person, and suggestions, each for its own question', async () => {
    const { reader, answers } = await openReader()
    const ask = async () => [
      await reader.filmCount(queryOf(EVERYONE)),
      await reader.filmFacets(queryOf(EVERYONE), ['TYPE']),
      await reader.filmCountsByGenre(['g'], EVERYONE),
      await reader.filmCountsByPerson([{ id: 'p' }], EVERYONE),
      await reader.suggest({ prefix: 'd', language: 'en', limit: 5, audiences: EVERYONE }),
    ]
    const once = await ask()
    expect(await ask()).toEqual(once)
    expect(answers()).toBe(5)
    await reader.filmFacets(queryOf(EVERYONE), ['TYPE', 'YEAR'])
    expect(answers()).toBe(6)
  })

  it('answers anew after a change of the catalogue', async () => {
    const { cache, reader } = await openReader()
    expect(await reader.filmCount(queryOf(EVERYONE))).toBe(1)
    await cache.purge(['catalogue'])
    expect(await reader.filmCount(queryOf(EVERYONE))).toBe(2)
  })

  it('reads in one batch the films that are not cached, and keeps that there is none', async () => {
    const { reader, batches } = await openReader()
    await reader.filmsByIds(['a'], cached)
    const films = await reader.filmsByIds(['b', 'a', 'none'], cached)
    expect(films).toEqual([film('b'), film('a'), null])
    await reader.filmsByIds(['none', 'b'], cached)
    expect(batches).toEqual([['a'], ['b', 'none']])
  })

  it('reads many films in one batch, and each once when several ask at the same time', async () => {
    const { reader, batches } = await openReader()
    const ids = Array.from({ length: 50 }, (_, index) => `f${index}`)
    const [first, second] = await Promise.all([
      reader.filmsByIds(ids, cached),
      reader.filmsByIds(ids.slice(10), cached),
    ])
    expect(first).toEqual(ids.map(film))
    expect(second).toEqual(ids.slice(10).map(film))
    expect(batches.flat().toSorted()).toEqual(ids.toSorted())
    expect(batches.length).toBeLessThanOrEqual(2)
  })

  it('forgets one film when it changes', async () => {
    const { cache, reader, batches } = await openReader()
    await reader.filmsByIds(['a', 'b'], cached)
    await cache.purge(['film:a'])
    await reader.filmsByIds(['a', 'b'], cached)
    expect(batches).toEqual([['a', 'b'], ['a']])
  })

  it('reads past the cache where it is told to', async () => {
    const { reader, batches } = await openReader()
    await reader.filmsByIds(['a'], { fresh: true })
    await reader.filmsByIds(['a'], { fresh: true })
    expect(batches).toEqual([['a'], ['a']])
    const slugs = [
      await reader.filmIdBySlug('metropolis', cached),
      await reader.filmIdBySlug('metropolis', cached),
      await reader.filmIdBySlug('metropolis', { fresh: true }),
    ]
    expect(slugs).toEqual(['metropolis-1', 'metropolis-1', 'metropolis-2'])
  })
})
