import { inLanguages, line, prose, slug } from '@cinegraph/kit/catalogue-text'
import { parseId } from '@cinegraph/kit/lookup'
import { z } from 'zod'
import { FilmType } from '../films/film.record.js'
import { isCountry, isLanguage } from './codes.js'

export const FILM_LIMITS = {
  title: 200,
  description: 5_000,
  tagline: 200,
  countries: 20,
  firstYear: 1870,
  lastYear: 2100,
  ageRating: 21,
  runtimeMinutes: 1_500,
  externalRating: 10,
  externalIds: 20,
  source: 32,
  value: 100,
  url: 2_000,
  role: 32,
  season: 200,
  episode: 2_000,
  episodesOfFilm: 5_000,
  scheduleYears: 5,
  edits: 100,
} as const
const LIMITS = FILM_LIMITS

const between = (min: number, max: number) => {
  const message = `must be between ${min} and ${max}`
  return z.number(message).min(min, message).max(max, message)
}
const atMost = <S extends z.ZodType>(max: number, item: S) =>
  z.array(item).max(max, `must have at most ${max} items`)

/** What can be changed and never taken away. */
const kept = <S extends z.ZodType>(schema: S) =>
  schema
    .nullish()
    .refine((given) => given !== null, 'cannot be cleared')
    .transform((given) => given as z.output<S> | undefined)

const WORDS = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const words = (max: number) =>
  z
    .string()
    .max(max, `must have at most ${max} characters`)
    .regex(WORDS, 'must be lower-case Latin letters and digits, with hyphens between words')

const date = z
  .date()
  .refine(
    (it) => it.getUTCFullYear() >= LIMITS.firstYear && it.getUTCFullYear() <= LIMITS.lastYear,
    `must be between ${LIMITS.firstYear}-01-01 and ${LIMITS.lastYear}-12-31`,
  )
  .transform((it) => it.toISOString().slice(0, 10))

const runtimeMinutes = between(1, LIMITS.runtimeMinutes)
const creditsStartSec = between(1, LIMITS.runtimeMinutes * 60)

// that a language has a title is judged once these are put over what is there
const texts = z.object({
  title: kept(line(LIMITS.title)),
  description: prose(LIMITS.description).nullish(),
})
const filmTexts = texts.extend({ tagline: line(LIMITS.tagline).nullish() })

const externalIds = atMost(
  LIMITS.externalIds,
  z.object({ source: words(LIMITS.source), value: line(LIMITS.value) }),
)
  .refine(
    (ids) => new Set(ids.map(({ source }) => source)).size === ids.length,
    'must name each source once',
  )
  .transform((ids) => Object.fromEntries(ids.map(({ source, value }) => [source, value])))

/** What is absent stays as it is; null clears what a film can be without, and is refused of the rest. */
export const filmChange = z.object({
  slug: kept(slug),
  type: kept(z.enum(FilmType)),
  translations: kept(inLanguages(filmTexts)),
  originalTitle: kept(line(LIMITS.title)),
  originalLanguage: kept(
    z.string().refine(isLanguage, 'must be a language in ISO 639-1, such as fr'),
  ),
  releaseDate: date.nullish(),
  releaseYear: between(LIMITS.firstYear, LIMITS.lastYear).nullish(),
  runtimeMinutes: runtimeMinutes.nullish(),
  ageRating: kept(between(0, LIMITS.ageRating)),
  countries: atMost(
    LIMITS.countries,
    z.string().refine(isCountry, 'must be a country in ISO 3166-1 alpha-2, such as FR'),
  )
    .transform((given) => [...new Set(given)])
    .nullish()
    .transform((given) => (given === null ? [] : given)),
  externalRating: between(0, LIMITS.externalRating).nullish(),
  creditsStartSec: creditsStartSec.nullish(),
  trailerUrl: z
    .url({ protocol: /^https$/, message: 'must be an https URL' })
    .max(LIMITS.url, `must have at most ${LIMITS.url} characters`)
    .nullish(),
  requiredRole: words(LIMITS.role).nullish(),
  hiddenWithoutRole: kept(z.boolean()),
  externalIds: externalIds.nullish().transform((given) => (given === null ? {} : given)),
})
export type FilmChange = z.output<typeof filmChange>

const newFields = filmChange.required({
  type: true,
  translations: true,
  originalLanguage: true,
  ageRating: true,
})
/** Of a new film null is as good as absent: there is nothing to clear. */
export const newFilm = z.preprocess(
  (given: z.input<typeof newFields>) =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
  newFields,
)
export type NewFilm = z.output<typeof newFilm>

const id = z.string().transform((given, context) => {
  const parsed = parseId(given)
  if (parsed === undefined) context.addIssue({ code: 'custom', message: 'must be an id' })
  return parsed ?? z.NEVER
})

const episodeChange = z.object({
  id: id.nullish(),
  number: between(0, LIMITS.episode),
  translations: kept(inLanguages(texts)),
  releaseDate: date.nullish(),
  runtimeMinutes: runtimeMinutes.nullish(),
  creditsStartSec: creditsStartSec.nullish(),
})
export type EpisodeChange = z.output<typeof episodeChange>

const isEachOnce = (values: readonly unknown[]) => {
  const given = values.filter((it) => it != null)
  return new Set(given).size === given.length
}

export const seasonChange = z.object({
  number: between(0, LIMITS.season),
  translations: kept(inLanguages(texts)),
  releaseDate: date.nullish(),
  episodes: atMost(LIMITS.episode + 1, episodeChange)
    .refine((all) => isEachOnce(all.map((it) => it.number)), 'must have each number once')
    .refine((all) => isEachOnce(all.map((it) => it.id)), 'must have each id once'),
})
export type SeasonChange = z.output<typeof seasonChange>

/** A time in the future, but not so far that it is a slip of the pen. */
export const publishTime = (now: Date) => {
  const latest = new Date(now)
  latest.setUTCFullYear(now.getUTCFullYear() + LIMITS.scheduleYears)
  return z
    .date()
    .refine((it) => it > now, 'must be in the future')
    .refine((it) => it <= latest, `must be within ${LIMITS.scheduleYears} years`)
}
