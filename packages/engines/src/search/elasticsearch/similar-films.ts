import { AppError } from '@cinegraph/kit/errors'
import type { SearchIndex, SimilarPage, SimilarQuery } from '../search-index.js'
import {
  type FilmCredit,
  genreWeight,
  type GenreWeights,
  type Traits,
  weightiestCredits,
} from '../similar/likeness.js'
import { pageOf, readPosition } from '../similar/pages.js'
import { storable } from '../storable.js'
import { countsOf, genreCounts } from './facets.js'
import { creditKey, none, visibleTo } from './film-filter.js'
import type { Reader } from './reader.js'

// what bounds the work: of all seeds together
const MOST_CREDITS = 200
const MOST_FILMS_OF_PERSONS = 500
const MOST_GENRES = 20
const MOST_FILMS_OF_GENRES = 1_200

interface Film {
  readonly id: string
  readonly audience: string
  readonly type: string
  readonly release_year: number | null
  readonly external_rating: number | null
  readonly genre_ids: readonly string[]
  readonly credits: readonly string[]
}
const FIELDS = 'id audience type release_year external_rating genre_ids credits'.split(' ')

export async function findSimilarFilms(reader: Reader, query: SimilarQuery): Promise<SimilarPage> {
  const position = readPosition(query)
  const seeds = await readSeeds(reader, query)
  if (seeds.length === 0) return { hits: [], hasNextPage: false, total: 0 }
  const fresh = await weightsOf(reader, seeds, query)
  const weights = new Map([...fresh, ...(position?.weights ?? [])])
  const films = await findCandidates(reader, { query, seeds, weights })
  return pageOf(films, { query, position, seeds, weights })
}

export function findSimilarLists(
  reader: Reader,
  queries: readonly SimilarQuery[],
): ReturnType<SearchIndex['similarLists']> {
  return Promise.all(queries.map((query) => findSimilarFilms(reader, query).catch(refusal)))
}

function refusal(error: unknown): AppError {
  if (error instanceof AppError) return error
  throw error
}

async function readSeeds(reader: Reader, { to, filter }: SimilarQuery): Promise<Traits[]> {
  const found = await reader.documents<Film>(
    to.map((id) => `film:${storable(id)}`),
    FIELDS,
  )
  const seen = found.filter((it) => it !== undefined && filter.audiences.includes(it.audience))
  return (seen as Film[]).map((film) => ({
    ...traitsOf(film),
    credits: weightiestCredits(creditsOf(film), Math.ceil(MOST_CREDITS / seen.length)),
  }))
}

/** Of the genres of the seeds. */
async function weightsOf(
  reader: Reader,
  seeds: readonly Traits[],
  { filter }: SimilarQuery,
): Promise<GenreWeights> {
  const counts = await genreCounts(reader, filter.audiences)
  const most = Math.max(0, ...counts.values())
  const ids = new Set(seeds.flatMap(({ genreIds }) => genreIds))
  return new Map([...ids].map((id) => [id, genreWeight(counts.get(id) ?? 0, most)]))
}

interface Sought {
  query: SimilarQuery
  seeds: readonly Traits[]
  weights: GenreWeights
}

/** The films of the seeds' persons, from those of few films on, and the best rated of each of their genres. */
async function findCandidates(reader: Reader, sought: Sought): Promise<Traits[]> {
  const { query, seeds, weights } = sought
  const { to, filter } = query
  const credits = await rareCredits(reader, sought)
  const genreIds = [...new Set(seeds.flatMap((seed) => seed.genreIds))]
    .toSorted((left, right) => (weights.get(right) ?? 1) - (weights.get(left) ?? 1))
    .slice(0, MOST_GENRES)
  const candidates = [
    ...visibleTo(filter.audiences),
    ...none('id', [...to, ...(filter.excludedIds ?? [])]),
  ]
  const searches = [
    { terms: { credits: [...credits] }, size: MOST_FILMS_OF_PERSONS },
    ...genreIds.map((id) => ({
      terms: { genre_ids: [id] },
      size: Math.ceil(MOST_FILMS_OF_GENRES / genreIds.length),
    })),
  ]
  const answers = await reader.searchAll<Film>(
    searches.map(({ terms, size }) => ({
      ...{ size, _source: FIELDS, track_total_hits: false },
      query: { bool: { filter: [...candidates, { terms }] } },
      sort: [{ external_rating: { order: 'desc', missing: '_last' } }, { id: 'desc' }],
    })),
  )
  const films = answers.flatMap(({ hits }) => hits.hits.map(({ _source }) => _source!))
  const distinct = new Map(films.map((film) => [film.id, film]))
  return [...distinct.values()].map((film) => ({
    ...traitsOf(film),
    credits: creditsOf(film).filter((credit) => credits.has(keyOf(credit))),
  }))
}

/** The seeds' credits by which others are looked up: of persons of few films first, as long as they have not too many together. */
async function rareCredits(reader: Reader, { query, seeds }: Sought): Promise<Set<string>> {
  const credits = seeds.flatMap((seed) => seed.credits)
  const { audiences } = query.filter
  const values = credits.map(({ personId }) => personId)
  const films = await countsOf(reader, { field: 'credits', values, audiences })
  const known = new Map(
    credits.map((credit) => [keyOf(credit), films.get(credit.personId) ?? 0] as const),
  )
  let left = MOST_FILMS_OF_PERSONS
  const rarest = [...known].toSorted((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
  return new Set(rarest.filter(([, count]) => (left -= count) >= 0).map(([key]) => key))
}

const keyOf = ({ personId, role }: FilmCredit) => creditKey({ id: personId, role })

const traitsOf = (film: Film) => ({
  ...{ id: film.id, type: film.type, year: film.release_year, rating: film.external_rating },
  genreIds: film.genre_ids,
})

/** A person without a role is there for filters. */
const creditsOf = ({ credits }: Film): FilmCredit[] =>
  credits.flatMap((credit) => {
    const at = credit.lastIndexOf(':')
    return at < 0 ? [] : [{ personId: credit.slice(0, at), role: credit.slice(at + 1) }]
  })
