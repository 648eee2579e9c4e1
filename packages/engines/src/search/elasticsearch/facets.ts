import type { estypes } from '@elastic/elasticsearch'
import { FILM_FACETS, type FacetBucket, type FilmFacet, type SearchIndex } from '../search-index.js'
import { storable } from '../storable.js'
import { filmConditions, visibleTo } from './film-filter.js'
import { readFilmText, type FilmText } from './films.js'
import type { Reader } from './reader.js'
import { matches } from './relevance.js'

const FIELDS: Readonly<Record<FilmFacet, string>> = {
  GENRE: 'genre_ids',
  TYPE: 'type',
  YEAR: 'release_year',
  AGE_RATING: 'age_rating',
  COUNTRY: 'countries',
  RATING: 'rating_points',
}
const MOST_VALUES = 10_000

interface Counted {
  readonly values: { readonly buckets: readonly { key: string | number; doc_count: number }[] }
}

/** Films are looked up without the filters of the facets that are counted; each facet then applies those of the others. */
export async function countFacets(
  reader: Reader,
  query: FilmText,
  facets: readonly FilmFacet[],
): ReturnType<SearchIndex['filmFacets']> {
  const wanted = new Set(facets)
  if (wanted.size === 0) return new Map()
  const reading = await readFilmText(reader, query)
  const { visible, other, byFacet } = filmConditions(query.filter)
  const always = FILM_FACETS.filter((facet) => !wanted.has(facet))
  const filter = [
    ...visible,
    ...other,
    ...always.flatMap((facet) => byFacet[facet]),
    ...(reading ? [matches(reading)] : []),
  ]
  const aggs = [...wanted].map((facet): [string, estypes.AggregationsAggregationContainer] => {
    const others = [...wanted].filter((it) => it !== facet).flatMap((it) => byFacet[it])
    const values = { terms: { field: FIELDS[facet], size: MOST_VALUES } }
    return [facet, { filter: { bool: { filter: others } }, aggs: { values } }]
  })
  const { aggregations } = await reader.search({
    ...{ query: { bool: { filter } }, size: 0, track_total_hits: false },
    aggs: Object.fromEntries(aggs),
  })
  const counted = aggregations as unknown as Record<FilmFacet, Counted>
  return new Map([...wanted].map((facet) => [facet, bucketsOf(counted[facet])]))
}

const bucketsOf = ({ values }: Counted): FacetBucket[] =>
  values.buckets
    .map(({ key, doc_count: count }) => ({ value: String(key), count }))
    .toSorted((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1))

interface Asked {
  readonly field: 'genre_ids' | 'credits'
  readonly values: readonly string[]
  readonly audiences: readonly string[]
}

/** Films of the audiences by value of a field, for the values that any has. */
export async function countsOf(
  reader: Reader,
  { field, values, audiences }: Asked,
): Promise<ReadonlyMap<string, number>> {
  const include = [...new Set(values)]
  if (include.length === 0) return new Map()
  const { aggregations } = await reader.search({
    ...{ size: 0, track_total_hits: false },
    query: { bool: { filter: [...visibleTo(audiences), { terms: { [field]: include } }] } },
    aggs: { values: { terms: { field, include, size: include.length } } },
  })
  const buckets = bucketsOf(aggregations as unknown as Counted)
  return new Map(buckets.map(({ value, count }) => [value, count]))
}

export async function countByGenre(
  reader: Reader,
  genreIds: readonly string[],
  audiences: readonly string[],
): ReturnType<SearchIndex['filmCountsByGenre']> {
  const values = genreIds.map(storable)
  const counts = await countsOf(reader, { field: 'genre_ids', values, audiences })
  return new Map(genreIds.map((id) => [id, counts.get(storable(id)) ?? 0]))
}

/** Films of the audiences by genre, for all genres. */
export async function genreCounts(
  reader: Reader,
  audiences: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { aggregations } = await reader.search({
    ...{ size: 0, track_total_hits: false, query: { bool: { filter: visibleTo(audiences) } } },
    aggs: { values: { terms: { field: 'genre_ids', size: MOST_VALUES } } },
  })
  const buckets = bucketsOf(aggregations as unknown as Counted)
  return new Map(buckets.map(({ value, count }) => [value, count]))
}

const MOST_AUDIENCES = 10_000

/** Every audience that some film has. */
export async function listAudiences(reader: Reader): Promise<string[]> {
  const { aggregations } = await reader.search({
    ...{
      size: 0,
      track_total_hits: false,
      query: { bool: { filter: [{ term: { kind: 'film' } }] } },
    },
    aggs: { values: { terms: { field: 'audience', size: MOST_AUDIENCES } } },
  })
  return bucketsOf(aggregations as unknown as Counted)
    .map(({ value }) => value)
    .toSorted()
}
