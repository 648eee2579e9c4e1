import {
  given,
  type ImportedTexts,
  type ImportProblem,
  type ImportRules,
  missingTexts,
  textsAfter,
} from '@cinegraph/kit/importing'
import type { Translations } from '@cinegraph/kit/language'
import type { FilmRecord } from '../films/film.record.js'

export interface EpisodeContent {
  readonly number: number
  readonly title: Translations
  readonly description: Translations
  /** `YYYY-MM-DD` */
  readonly releaseDate: string | null
  readonly runtimeMinutes: number | null
  readonly creditsStartSec: number | null
}

export interface SeasonContent {
  readonly number: number
  readonly title: Translations
  readonly description: Translations
  /** `YYYY-MM-DD` */
  readonly releaseDate: string | null
  /** By number. */
  readonly episodes: readonly EpisodeContent[]
}

/** All of a film that an import can set and an export tells. Plain JSON. */
export interface FilmContent extends Omit<FilmRecord, 'id' | 'audience' | 'version'> {
  /** By source, e.g. `imdb`. */
  readonly externalIds: Readonly<Record<string, string>>
  /** By number. */
  readonly seasons: readonly SeasonContent[]
}

type Texts = 'title' | 'description' | 'tagline'

/** A list, external ids and seasons are set as a whole; a text by language. */
export type FilmFields = {
  readonly [F in Exclude<keyof FilmContent, Texts>]?: FilmContent[F] | undefined
} & { readonly [F in Texts]?: ImportedTexts | undefined }

const DEFAULTS = {
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
  status: 'DRAFT',
  publishAt: null,
  externalIds: {},
  seasons: [],
} satisfies Partial<FilmContent>

const WITHOUT_DEFAULT = ['slug', 'type', 'originalTitle', 'originalLanguage', 'ageRating'] as const

export const FILM_RULES: ImportRules<FilmFields, FilmContent> = {
  after(before, fields) {
    const was = before ?? DEFAULTS
    // the whole of a new film may lack what has no default; `problemsOf` says so
    return {
      ...(was as FilmContent),
      ...impliedBy(fields),
      ...given(fields),
      title: textsAfter(was.title, fields.title),
      description: textsAfter(was.description, fields.description),
      tagline: textsAfter(was.tagline, fields.tagline),
    }
  },
  problemsOf: (film) => [
    ...WITHOUT_DEFAULT.filter((field) => (film as Partial<FilmContent>)[field] === undefined).map(
      (field) => ({ field, message: 'is required of a new film' }),
    ),
    ...missingTexts(['title', film.title], {
      description: film.description,
      tagline: film.tagline,
    }),
    ...contradictionsIn(film),
  ],
  // season by season, so that a change of one episode is told as that
  told: ({ seasons, ...film }) => ({
    ...film,
    seasons: byNumber(
      seasons.map(({ episodes, ...season }) => ({ ...season, episodes: byNumber(episodes) })),
    ),
  }),
}

/** What a field says of another that is not given. */
function impliedBy({ releaseDate, status }: FilmFields): Partial<FilmContent> {
  return {
    ...(releaseDate && { releaseYear: Number(releaseDate.slice(0, 4)) }),
    ...(status !== undefined && status !== 'SCHEDULED' && { publishAt: null }),
  }
}

function contradictionsIn(film: FilmContent): ImportProblem[] {
  const { releaseDate, releaseYear, status, publishAt } = film
  const problems: ImportProblem[] = []
  const refuse = (field: string, message: string) => problems.push({ field, message })
  if (releaseDate !== null && Number(releaseDate.slice(0, 4)) !== releaseYear) {
    refuse('releaseYear', `must be the year of releaseDate, ${releaseDate}`)
  }
  if (film.hiddenWithoutRole && film.requiredRole === null) {
    refuse('hiddenWithoutRole', 'needs a requiredRole')
  }
  if (status === 'SCHEDULED' && publishAt === null) {
    refuse('publishAt', 'must say when a film that is SCHEDULED is published')
  }
  if (status !== 'SCHEDULED' && publishAt !== null) {
    refuse('publishAt', 'is for a film that is SCHEDULED')
  }
  if (film.type === 'MOVIE' && film.seasons.length > 0) {
    refuse('seasons', 'are for a TV_SHOW')
  }
  return problems
}

const byNumber = <T extends { readonly number: number }>(items: readonly T[]) =>
  Object.fromEntries(items.map(({ number, ...item }) => [number, item]))
