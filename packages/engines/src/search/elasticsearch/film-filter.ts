import {
  FILM_FACETS,
  type CreditedPerson,
  type FilmFacet,
  type FilmFilter,
} from '../search-index.js'
import { storable } from '../storable.js'
import type { Query } from './connection.js'

export interface FilmConditions {
  /** Whether the film exists for the viewer. */
  readonly visible: readonly Query[]
  /** Filters that no facet counts by. */
  readonly other: readonly Query[]
  readonly byFacet: Readonly<Record<FilmFacet, readonly Query[]>>
}

type Values = readonly (string | number)[]

// what is left of a removed film has no audience
export const visibleTo = (audiences: readonly string[]): Query[] => [
  { term: { kind: 'film' } },
  { terms: { audience: audiences.map(storable) } },
]

export const live = (kind: string): Query[] => [{ term: { kind } }, { term: { live: true } }]

export function filmConditions(filter: FilmFilter): FilmConditions {
  return {
    visible: visibleTo(filter.audiences),
    other: [
      ...every('credits', filter.persons?.map(creditKey)),
      ...some('status', filter.statuses),
      ...between('seasons', filter.seasonsFrom, filter.seasonsTo),
      ...none('id', filter.excludedIds),
    ],
    byFacet: {
      TYPE: some('type', filter.types),
      GENRE: [
        ...some('genre_ids', filter.genreIds),
        ...every('genre_ids', filter.allGenreIds),
        ...none('genre_ids', filter.excludedGenreIds),
      ],
      AGE_RATING: [
        ...some('age_rating', filter.ageRatings),
        ...between('age_rating', undefined, filter.ageRatingTo),
      ],
      COUNTRY: [
        ...some('countries', filter.countries),
        ...none('countries', filter.excludedCountries),
      ],
      RATING: between('external_rating', filter.ratingFrom, filter.ratingTo),
      YEAR: between('release_year', filter.yearFrom, filter.yearTo),
    },
  }
}

/** As the field `credits` has it. */
export const creditKey = ({ id, role }: CreditedPerson): string =>
  role === undefined ? id : `${id}:${role}`

/** Every condition at once. */
export const allOf = ({ visible, other, byFacet }: FilmConditions): Query[] => [
  ...visible,
  ...other,
  ...FILM_FACETS.flatMap((facet) => byFacet[facet]),
]

// an empty list is no condition
const some = (field: string, values: Values | undefined): Query[] =>
  values && values.length > 0 ? [{ terms: { [field]: values.map(plain) } }] : []

const every = (field: string, values: Values = []): Query[] =>
  values.map((value) => ({ term: { [field]: plain(value) } }))

export const none = (field: string, values: Values | undefined): Query[] =>
  some(field, values).map((query) => ({ bool: { must_not: query } }))

const between = (field: string, gte: number | undefined, lte: number | undefined): Query[] =>
  gte === undefined && lte === undefined
    ? []
    : [
        {
          range: {
            [field]: { ...(gte !== undefined && { gte }), ...(lte !== undefined && { lte }) },
          },
        },
      ]

const plain = (value: string | number) => (typeof value === 'string' ? storable(value) : value)
