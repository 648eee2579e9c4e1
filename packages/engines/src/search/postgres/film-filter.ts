import type { FilmFacet, FilmFilter } from '../search-index.js'
import type { Bind } from './connection.js'

/** SQL conditions over `search.films`. */
export interface FilmConditions {
  /** Whether the film exists for the viewer. */
  readonly visible: string
  /** Filters that no facet counts by. */
  readonly other: readonly string[]
  readonly byFacet: Partial<Readonly<Record<FilmFacet, string>>>
}

export const visibleSql = (bind: Bind, audiences: readonly string[]): string =>
  `live AND audience = ANY(${bind(audiences)}::text[])`

export function filmConditions(bind: Bind, filter: FilmFilter): FilmConditions {
  const { types, genreIds, ageRatings, countries, persons, yearFrom, yearTo } = filter
  // an empty list is no condition
  const some = (list: readonly unknown[] | undefined, sql: (values: string) => string) =>
    list && list.length > 0 ? sql(bind(list)) : undefined
  const bound = (value: number | undefined, sql: string) =>
    value === undefined ? undefined : `${sql} ${bind(value)}`
  const credits = persons?.map(({ id, role }) => (role === undefined ? id : `${id}:${role}`))
  const facets = {
    TYPE: some(types, (values) => `type = ANY(${values}::text[])`),
    GENRE: some(genreIds, (values) => `genre_ids && ${values}::text[]`),
    AGE_RATING: some(ageRatings, (values) => `age_rating = ANY(${values}::int[])`),
    COUNTRY: some(countries, (values) => `countries && ${values}::text[]`),
    YEAR: all(bound(yearFrom, 'release_year >='), bound(yearTo, 'release_year <=')),
  }
  return {
    visible: visibleSql(bind, filter.audiences),
    other: [
      some(credits, (values) => `credits @> ${values}::text[]`),
      bound(filter.ratingFrom, 'external_rating >='),
      bound(filter.ratingTo, 'external_rating <='),
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
