import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  FILM_FACETS,
  type FilmDocument,
  type FilmFacet,
  type FilmFilter,
  type FilmQuery,
  type SearchIndex,
} from '../search-index.js'
import { credit, everything, film } from './catalogue.contract.js'

const AUDIENCES = ['everyone', 'role:subscriber', 'editors']
const VIEWERS = {
  anonymous: ['everyone'],
  user: ['everyone', 'role:user'],
  subscriber: ['everyone', 'role:subscriber', 'role:user'],
  editor: ['everyone', 'editors', 'role:editor', 'role:subscriber'],
}
const STATUSES = ['DRAFT', 'PUBLISHED', 'ARCHIVED']
const TYPES = ['MOVIE', 'TV_SHOW']
const GENRES = ['g1', 'g2', 'g3', 'g4']
const COUNTRIES = ['RU', 'FR', 'US', 'JP']
const AGES = [0, 6, 12, 16, 18]
const PERSONS = ['p1', 'p2', 'p3']
const ROLES = ['ACTOR', 'DIRECTOR']
const WORDS = ['comet', 'harbour', 'снегопад']
const IDS = Array.from({ length: 200 }, (_, number) => `f${number}`)
const name = { en: 'Someone' }

const seasons = fc.integer({ min: 0, max: 5 })
const year = fc.integer({ min: 1990, max: 1999 })
const rating = fc.integer({ min: 10, max: 100 }).map((tenths) => tenths / 10)
const some = (values: readonly string[]) => fc.subarray([...values], { maxLength: 3 })

const arbitraryFilm: fc.Arbitrary<Partial<FilmDocument>> = fc.record({
  audience: fc.constantFrom(...AUDIENCES),
  status: fc.constantFrom(...STATUSES),
  type: fc.constantFrom(...TYPES),
  title: fc.constantFrom(...WORDS).map((word) => ({ en: `Film ${word}` })),
  releaseYear: fc.option(year, { nil: null }),
  ageRating: fc.constantFrom(...AGES),
  countries: some(COUNTRIES),
  externalRating: fc.option(rating, { nil: null }),
  seasons: fc.option(seasons, { nil: null }),
  genres: some(GENRES).map((ids) => ids.map((id) => ({ id, name }))),
  credits: fc.array(
    fc
      .tuple(fc.constantFrom(...PERSONS), fc.constantFrom(...ROLES))
      .map(([id, role]) => credit(id, { role })),
    { maxLength: 3 },
  ),
})

const few = (values: readonly string[]) => fc.subarray([...values], { maxLength: 2 })

const arbitraryConditions: fc.Arbitrary<Omit<FilmFilter, 'audiences'>> = fc.record(
  {
    statuses: few(STATUSES),
    types: fc.subarray(TYPES),
    genreIds: some(GENRES),
    allGenreIds: few(GENRES),
    excludedGenreIds: few(GENRES),
    yearFrom: year,
    yearTo: year,
    ratingFrom: rating,
    ratingTo: rating,
    seasonsFrom: seasons,
    seasonsTo: seasons,
    ageRatings: fc.subarray(AGES),
    ageRatingTo: fc.constantFrom(...AGES),
    countries: some(COUNTRIES),
    excludedCountries: few(COUNTRIES),
    persons: fc.array(
      fc.record(
        { id: fc.constantFrom(...PERSONS), role: fc.constantFrom(...ROLES) },
        { requiredKeys: ['id'] },
      ),
      { maxLength: 2 },
    ),
    excludedIds: fc.subarray(IDS),
  },
  { requiredKeys: [] },
)

/** The members of a filter that each facet counts by. */
const OWN: Readonly<Record<FilmFacet, readonly (keyof FilmFilter)[]>> = {
  GENRE: ['genreIds', 'allGenreIds', 'excludedGenreIds'],
  TYPE: ['types'],
  YEAR: ['yearFrom', 'yearTo'],
  AGE_RATING: ['ageRatings', 'ageRatingTo'],
  COUNTRY: ['countries', 'excludedCountries'],
  RATING: ['ratingFrom', 'ratingTo'],
}

const valuesOf = (it: FilmDocument): Readonly<Record<FilmFacet, readonly string[]>> => ({
  GENRE: it.genres.map(({ id }) => id),
  TYPE: [it.type],
  YEAR: it.releaseYear === null ? [] : [String(it.releaseYear)],
  AGE_RATING: [String(it.ageRating)],
  COUNTRY: it.countries,
  RATING: it.externalRating === null ? [] : [String(Math.floor(it.externalRating))],
})

/** The contract of FilmFilter, once more and plainly. */
function passes(it: FilmDocument, filter: FilmFilter): boolean {
  const anyOf = <T>(wanted: readonly T[] | undefined, values: readonly T[]) =>
    !wanted || wanted.length === 0 || values.some((value) => wanted.includes(value))
  const within = (value: number | null, from?: number, to?: number) =>
    (from === undefined || (value !== null && value >= from)) &&
    (to === undefined || (value !== null && value <= to))
  const genres = it.genres.map(({ id }) => id)
  return (
    filter.audiences.includes(it.audience) &&
    !filter.excludedIds?.includes(it.id) &&
    anyOf(filter.statuses, [it.status]) &&
    anyOf(filter.types, [it.type]) &&
    anyOf(filter.genreIds, genres) &&
    (filter.allGenreIds ?? []).every((id) => genres.includes(id)) &&
    !genres.some((id) => filter.excludedGenreIds?.includes(id)) &&
    anyOf(filter.ageRatings, [it.ageRating]) &&
    it.ageRating <= (filter.ageRatingTo ?? Infinity) &&
    anyOf(filter.countries, it.countries) &&
    !it.countries.some((code) => filter.excludedCountries?.includes(code)) &&
    within(it.releaseYear, filter.yearFrom, filter.yearTo) &&
    within(it.externalRating, filter.ratingFrom, filter.ratingTo) &&
    within(it.seasons, filter.seasonsFrom, filter.seasonsTo) &&
    (filter.persons ?? []).every(({ id, role }) =>
      it.credits.some((credit) => credit.personId === id && (role ?? credit.role) === credit.role),
    )
  )
}

function bucketsOf(films: readonly FilmDocument[], facet: FilmFacet) {
  const counts = new Map<string, number>()
  for (const value of films.flatMap((it) => valuesOf(it)[facet])) {
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1))
}

export function describeFilters(open: () => Promise<SearchIndex>): void {
  describe('filters', () => {
    const films = fc
      .sample(arbitraryFilm, { numRuns: IDS.length, seed: 1 })
      .map((given, number) => film(IDS[number]!, given))
    let index: SearchIndex
    beforeAll(async () => {
      index = await open()
      await index.upsert('film', films)
    })

    async function listed(query: FilmQuery): Promise<string[]> {
      const ids: string[] = []
      for (let after: string | undefined; ;) {
        const page = await index.films({ ...query, first: 37, ...(after && { after }) })
        ids.push(...page.hits.map(({ id }) => id))
        if (!page.hasNextPage) return ids
        after = page.hits.at(-1)!.cursor
      }
    }

    async function agrees(filter: FilmFilter, text: string | undefined) {
      const query = { ...everything, filter, ...(text !== undefined && { text }) }
      const candidates = films.filter((it) => it.title.en!.includes(text ?? ''))
      const expected = candidates.filter((it) => passes(it, filter))
      expect((await listed(query)).toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
      expect(await index.filmCount(query)).toBe(expected.length)
      const facets = await index.filmFacets(query, FILM_FACETS)
      for (const facet of FILM_FACETS) {
        const others = Object.fromEntries(
          Object.entries(filter).filter(([key]) => !OWN[facet].includes(key as keyof FilmFilter)),
        ) as unknown as FilmFilter
        const counted = candidates.filter((it) => passes(it, others))
        expect(facets.get(facet), facet).toEqual(bucketsOf(counted, facet))
      }
    }

    it.each(Object.entries({ ...VIEWERS, nobody: [] }))(
      'agree for %s with a plain reading of them, in lists, counts and facets',
      async (_, audiences) => {
        const text = fc.option(fc.constantFrom(...WORDS), { nil: undefined, freq: 1 })
        const asked = fc.asyncProperty(arbitraryConditions, text, (conditions, it) =>
          agrees({ ...conditions, audiences }, it),
        )
        await fc.assert(asked, { numRuns: audiences.length === 0 ? 5 : 60, seed: 2 })
      },
      60_000,
    )

    it('agree with genre counts', async () => {
      for (const audiences of [[], ['everyone'], AUDIENCES]) {
        const counts = await index.filmCountsByGenre(GENRES, audiences)
        for (const id of GENRES) {
          const filter = { audiences, genreIds: [id] }
          expect(counts.get(id)).toBe(films.filter((it) => passes(it, filter)).length)
        }
      }
    })

    it('count only the facets asked for', async () => {
      const query = { ...everything, filter: { audiences: AUDIENCES, types: ['MOVIE'] } }
      const facets = await index.filmFacets(query, ['YEAR'])
      expect([...facets.keys()]).toEqual(['YEAR'])
      const movies = films.filter((it) => it.type === 'MOVIE')
      expect(facets.get('YEAR')).toEqual(bucketsOf(movies, 'YEAR'))
      expect(await index.filmFacets(query, [])).toEqual(new Map())
    })
  })
}
