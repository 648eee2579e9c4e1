import { isTextual, type Reading } from '../reading/reading.js'
import type { CreditedPerson, FilmFacet, FilmFilter } from '../search-index.js'
import type { Bind } from './connection.js'

/** Where films are looked up: their texts and credits are in the one, all else is in the other too, which is quicker to read. */
export const filmTable = (filter: FilmFilter, reading: Reading | undefined): string =>
  (reading && isTextual(reading)) || (filter.persons?.length ?? 0) > 0
    ? 'search.films'
    : 'search.film_facts'

/** SQL conditions over a table of films. */
export interface FilmConditions {
  /** Whether the film exists for the viewer. */
  readonly visible: string
  /** Filters that no facet counts by. */
  readonly other: readonly string[]
  readonly byFacet: Partial<Readonly<Record<FilmFacet, string>>>
}

/** As the column `credits` has it. */
export const creditOf = ({ id, role }: CreditedPerson): string =>
  role === undefined ? id : `${id}:${role}`

// what is left of a removed film has no audience
export const visibleSql = (bind: Bind, audiences: readonly string[]): string =>
  `audience = ANY(${bind(audiences)}::text[])`

export function filmConditions(bind: Bind, filter: FilmFilter): FilmConditions {
  const { persons, statuses, types, genreIds, allGenreIds, excludedGenreIds, excludedIds } = filter
  const { yearFrom, yearTo, ratingFrom, ratingTo, seasonsFrom, seasonsTo } = filter
  const { ageRatings, ageRatingTo, countries, excludedCountries } = filter
  // an empty list is no condition
  const some = (list: readonly unknown[] | undefined, sql: (values: string) => string) =>
    list && list.length > 0 ? sql(bind(list)) : undefined
  const bound = (value: number | undefined, sql: string) =>
    value === undefined ? undefined : `${sql} ${bind(value)}`
  // of no row: where no film has such a value, none is looked at
  const there = (facet: FilmFacet, values: string) => `EXISTS (
    SELECT FROM search.facet_films WHERE ${visibleSql(bind, filter.audiences)} AND films > 0
    AND facet_value = ANY(ARRAY(SELECT '${facet}:' || it FROM unnest(${values}::text[]) AS it))
  )`
  const facets = {
    TYPE: some(types, (values) => `type = ANY(${values}::text[]) AND ${there('TYPE', values)}`),
    GENRE: all(
      some(genreIds, (values) => `genre_ids && ${values}::text[] AND ${there('GENRE', values)}`),
      some(allGenreIds, (values) => `genre_ids @> ${values}::text[]`),
      some(excludedGenreIds, (values) => `NOT genre_ids && ${values}::text[]`),
    ),
    AGE_RATING: all(
      some(ageRatings, (values) => `age_rating = ANY(${values}::int[])`),
      bound(ageRatingTo, 'age_rating <='),
    ),
    COUNTRY: all(
      some(countries, (values) => `countries && ${values}::text[] AND ${there('COUNTRY', values)}`),
      some(excludedCountries, (values) => `NOT countries && ${values}::text[]`),
    ),
    RATING: all(bound(ratingFrom, 'external_rating >='), bound(ratingTo, 'external_rating <=')),
    YEAR: all(bound(yearFrom, 'release_year >='), bound(yearTo, 'release_year <=')),
  }
  return {
    visible: visibleSql(bind, filter.audiences),
    other: [
      some(persons?.map(creditOf), (values) => `credits @> ${values}::text[]`),
      some(statuses, (values) => `status = ANY(${values}::text[])`),
      all(bound(seasonsFrom, 'seasons >='), bound(seasonsTo, 'seasons <=')),
      // as a subquery it is hashed, whatever the plan
      some(excludedIds, (values) => `id NOT IN (SELECT unnest(${values}::text[]))`),
    ].filter((sql) => sql !== undefined),
    byFacet: Object.fromEntries(Object.entries(facets).filter(([, sql]) => sql !== undefined)),
  }
}

function all(...conditions: (string | undefined)[]): string | undefined {
  const given = conditions.filter((sql) => sql !== undefined)
  return given.length > 0 ? given.join(' AND ') : undefined
}

/** Every condition at once. */
export const whereSql = ({ visible, other, byFacet }: FilmConditions): string =>
  [visible, ...other, ...Object.values(byFacet)].join(' AND ')

/** Whether nothing is asked but what the viewer may see; the filter by one facet may be left out of account. */
export const isWholeCatalogue = (
  { other, byFacet }: FilmConditions,
  { reading, but }: { reading: Reading | undefined; but?: FilmFacet },
): boolean => !reading && other.length === 0 && Object.keys(byFacet).every((facet) => facet === but)
