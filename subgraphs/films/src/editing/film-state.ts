import type { Translations } from '@cinegraph/kit/language'
import type { FilmRecord } from '../films/film.record.js'

/** Everything of a film that an edit can change, as JSON; what an audit entry compares. */
export interface FilmState extends Omit<FilmRecord, 'id' | 'audience' | 'version'> {
  /** Values by source. */
  readonly externalIds: Readonly<Record<string, string>>
  /** By number. */
  readonly seasons: Readonly<Record<number, SeasonState>>
}

export interface SeasonState {
  readonly id: string
  /** `YYYY-MM-DD` */
  readonly releaseDate: string | null
  readonly title: Translations
  readonly description: Translations
  /** By number. */
  readonly episodes: Readonly<Record<number, EpisodeState>>
}

export interface EpisodeState extends Omit<SeasonState, 'episodes'> {
  readonly runtimeMinutes: number | null
  readonly creditsStartSec: number | null
}

/** A film of which nothing is known. */
export const BLANK: Omit<
  FilmState,
  'slug' | 'type' | 'originalTitle' | 'originalLanguage' | 'ageRating'
> = {
  status: 'DRAFT',
  title: {},
  description: {},
  tagline: {},
  releaseDate: null,
  releaseYear: null,
  runtimeMinutes: null,
  countries: [],
  externalRating: null,
  creditsStartSec: null,
  trailerUrl: null,
  requiredRole: null,
  hiddenWithoutRole: false,
  publishAt: null,
  deletedAt: null,
  externalIds: {},
  seasons: {},
}
