import { CreditRole } from '@cinegraph/engines/search/credit-role'
import { isCountry, isLanguage } from '@cinegraph/films/editing/codes'
import { FILM_LIMITS } from '@cinegraph/films/editing/film.rules'
import { FilmStatus, FilmType } from '@cinegraph/films/films/film.record'
import { inLanguages, line, prose, slug } from '@cinegraph/kit/catalogue-text'
import type { ImportProblem } from '@cinegraph/kit/importing'
import { textsOf } from '@cinegraph/kit/language'
import {
  MAX_CHARACTER_LENGTH,
  MAX_CREDITS,
  MAX_GENRES,
} from '@cinegraph/people/film/film-links.rules'
import {
  MAX_GENRE_DESCRIPTION_LENGTH,
  MAX_GENRE_NAME_LENGTH,
} from '@cinegraph/people/genres/genre.rules'
import {
  EARLIEST_DAY,
  MAX_BIOGRAPHY_LENGTH,
  MAX_PERSON_NAME_LENGTH,
} from '@cinegraph/people/persons/person.rules'
import { roleName } from '@cinegraph/users/administration/role.rules'
import { z } from 'zod'

const whole = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`
  return z.int(message).min(min, message).max(max, message)
}

const day = (min: string, max: string) => {
  const message = `must be a date, YYYY-MM-DD, from ${min} to ${max}`
  return z.iso.date(message).refine((it) => it >= min && it <= max, message)
}

const list = <S extends z.ZodType>(item: S, max: number) =>
  z
    .array(item)
    .max(max, `must be at most ${max}`)
    .nullable()
    .transform((given) => given ?? [])

const unique = (items: readonly unknown[]) => new Set(items).size === items.length

/** Texts that are set by language; null takes all away. */
const texts = <S extends z.ZodType<string>>(schema: S) =>
  inLanguages(schema)
    .strict()
    .nullable()
    .transform((given) => given ?? { en: null, ru: null })

/** Texts that are set as a whole. */
const wholeTexts = <S extends z.ZodType<string>>(schema: S) =>
  texts(schema)
    .default({ en: null, ru: null })
    .transform((given) =>
      textsOf(
        Object.entries(given).map(([language, text]) => ({ language, text: text ?? null })),
        'text',
      ),
    )

const LIMITS = FILM_LIMITS
const releaseDate = day(`${LIMITS.firstYear}-01-01`, `${LIMITS.lastYear}-12-31`).nullable()
const lifeDate = day(EARLIEST_DAY, new Date().toISOString().slice(0, 10)).nullable()
const runtimeMinutes = whole(1, LIMITS.runtimeMinutes).nullable()
const creditsStartSec = whole(1, LIMITS.runtimeMinutes * 60).nullable()
const title = line(LIMITS.title)
const description = prose(LIMITS.description)
const name = line(MAX_PERSON_NAME_LENGTH)

const country = z
  .string()
  .refine(isCountry, 'must be the ISO 3166-1 alpha-2 code of a country, such as FR')

const language = z
  .string()
  .refine(isLanguage, 'must be the ISO 639-1 code of a language, such as fr')

const externalIds = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a lower-case word of at most 32 characters'),
    line(LIMITS.value),
  )
  .refine(
    (ids) => Object.keys(ids).length <= LIMITS.externalIds,
    `must be at most ${LIMITS.externalIds}`,
  )
  .nullable()
  .transform((given) => given ?? {})

const trailerUrl = z
  .url({ protocol: /^https$/, error: 'must be an address that begins with https://' })
  .max(LIMITS.url, `must have at most ${LIMITS.url} characters`)
  .nullable()

/** Of times at which films are published. */
const FIRST_YEAR = 1970
const publishAt = z.iso
  .datetime({ offset: true, error: 'must be a time, such as 2030-01-31T18:00:00Z' })
  .transform((given) => new Date(given))
  .refine(
    (it) => it.getUTCFullYear() >= FIRST_YEAR && it.getUTCFullYear() <= LIMITS.lastYear,
    `must be a time from ${FIRST_YEAR} to ${LIMITS.lastYear}`,
  )
  .transform((it) => it.toISOString())
  .nullable()

/** Seasons and episodes are known by their numbers, and kept in their order. */
const numbered = <S extends z.ZodType<{ number: number }>>(item: S, max: number) =>
  list(item, max)
    .refine((items) => unique(items.map((it) => it.number)), 'must have each number once')
    .transform((items) => items.toSorted((a, b) => a.number - b.number))

const episode = z.strictObject({
  number: whole(0, LIMITS.episode),
  title: wholeTexts(title),
  description: wholeTexts(description),
  releaseDate: releaseDate.default(null),
  runtimeMinutes: runtimeMinutes.default(null),
  creditsStartSec: creditsStartSec.default(null),
})

const season = z.strictObject({
  number: whole(0, LIMITS.season),
  title: wholeTexts(title),
  description: wholeTexts(description),
  releaseDate: releaseDate.default(null),
  episodes: numbered(episode, LIMITS.episode + 1).default([]),
})

const credit = z.strictObject({
  person: slug,
  /** Makes the person where there is none. */
  name: texts(name)
    .refine(({ en, ru }) => en || ru, 'must be there in one language at least')
    .optional(),
  role: z.enum(CreditRole),
  character: line(MAX_CHARACTER_LENGTH).nullable().default(null),
})

const genreRecord = z.strictObject({
  kind: z.literal('genre'),
  slug,
  name: texts(line(MAX_GENRE_NAME_LENGTH)).optional(),
  description: texts(prose(MAX_GENRE_DESCRIPTION_LENGTH)).optional(),
})

const personRecord = z.strictObject({
  kind: z.literal('person'),
  slug,
  name: texts(name).optional(),
  biography: texts(prose(MAX_BIOGRAPHY_LENGTH)).optional(),
  birthDate: lifeDate.optional(),
  deathDate: lifeDate.optional(),
})

const filmRecord = z
  .strictObject({
    kind: z.literal('film'),
    slug: slug.optional(),
    type: z.enum(FilmType).optional(),
    title: texts(title).optional(),
    originalTitle: title.optional(),
    originalLanguage: language.optional(),
    description: texts(description).optional(),
    tagline: texts(line(LIMITS.tagline)).optional(),
    releaseDate: releaseDate.optional(),
    releaseYear: whole(LIMITS.firstYear, LIMITS.lastYear).nullable().optional(),
    runtimeMinutes: runtimeMinutes.optional(),
    ageRating: whole(0, LIMITS.ageRating).optional(),
    countries: list(country, LIMITS.countries).refine(unique, 'must be there once each').optional(),
    genres: list(slug, MAX_GENRES).refine(unique, 'must be there once each').optional(),
    credits: list(credit, MAX_CREDITS).optional(),
    externalRating: z
      .number('must be a number from 0 to 10')
      .min(0, 'must be a number from 0 to 10')
      .max(10, 'must be a number from 0 to 10')
      .nullable()
      .optional(),
    trailerUrl: trailerUrl.optional(),
    creditsStartSec: creditsStartSec.optional(),
    requiredRole: roleName.nullable().optional(),
    hiddenWithoutRole: z
      .boolean('must be true or false')
      .nullable()
      .transform((given) => given ?? false)
      .optional(),
    status: z.enum(FilmStatus).optional(),
    publishAt: publishAt.optional(),
    externalIds: externalIds.optional(),
    seasons: numbered(season, LIMITS.season + 1).optional(),
  })
  .refine((it) => it.slug !== undefined || Object.keys(it.externalIds ?? {}).length > 0, {
    path: ['slug'],
    message: 'is required where there is no external id',
  })

const SCHEMAS = { genre: genreRecord, person: personRecord, film: filmRecord }

export type Kind = keyof typeof SCHEMAS
export const KINDS = Object.keys(SCHEMAS) as Kind[]
export type RecordOf<K extends Kind> = z.output<(typeof SCHEMAS)[K]>
export type ImportRecord = RecordOf<Kind>

export const isKind = (value: unknown): value is Kind => KINDS.includes(value as Kind)

/** A record as it stood in a file, or everything that is wrong with it. */
export function parseRecord(
  kind: Kind,
  value: unknown,
): { readonly record: ImportRecord } | { readonly problems: ImportProblem[] } {
  const result = SCHEMAS[kind].safeParse(value)
  if (result.success) return { record: result.data }
  const { issues } = result.error
  const problems = issues.slice(0, MAX_PROBLEMS).flatMap(problemsOf).slice(0, MAX_PROBLEMS)
  const others = issues.length - MAX_PROBLEMS
  return {
    problems: others > 0 ? [...problems, { field: '', message: `and ${others} more` }] : problems,
  }
}

// what is wrong with a row of a million wrong fields is told by the first of them
const MAX_PROBLEMS = 50

function problemsOf({ path, message, ...issue }: z.core.$ZodIssue): ImportProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.'), message }]
  return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not known' }))
}
