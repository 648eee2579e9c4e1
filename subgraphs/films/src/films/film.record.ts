import type { Translations } from '@cinegraph/kit/language'
import type { FilmAccessFields } from '../access/film-access.js'

export const FilmType = { MOVIE: 'MOVIE', TV_SHOW: 'TV_SHOW' } as const
export type FilmType = (typeof FilmType)[keyof typeof FilmType]

export const FilmStatus = {
  DRAFT: 'DRAFT',
  SCHEDULED: 'SCHEDULED',
  PUBLISHED: 'PUBLISHED',
  ARCHIVED: 'ARCHIVED',
} as const
export type FilmStatus = (typeof FilmStatus)[keyof typeof FilmStatus]

/** A film as it is stored, without what other subgraphs know of it. Plain JSON, so that it can be cached. */
export interface FilmRecord extends FilmAccessFields {
  readonly id: string
  readonly slug: string
  readonly type: FilmType
  readonly title: Translations
  readonly description: Translations
  readonly tagline: Translations
  readonly originalTitle: string
  /** ISO 639-1. */
  readonly originalLanguage: string
  /** `YYYY-MM-DD` */
  readonly releaseDate: string | null
  readonly releaseYear: number | null
  readonly runtimeMinutes: number | null
  readonly ageRating: number
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[]
  readonly externalRating: number | null
  readonly creditsStartSec: number | null
  readonly trailerUrl: string | null
  readonly requiredRole: string | null
  readonly hiddenWithoutRole: boolean
  readonly status: FilmStatus
  /** ISO 8601; set exactly while the film is SCHEDULED. */
  readonly publishAt: string | null
  /** ISO 8601; null unless it is deleted. */
  readonly deletedAt: string | null
  /** Rises by one with every edit, of its seasons and episodes too. */
  readonly version: number
}

/** What another catalogue calls a film. */
export interface ExternalId {
  /** The catalogue, e.g. `imdb`. */
  readonly source: string
  /** Its id there, e.g. `tt0017136`. */
  readonly value: string
}
