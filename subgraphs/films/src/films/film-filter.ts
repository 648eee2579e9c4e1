import { CreditRole } from '@cinegraph/engines/search/credit-role'
import type { FilmFilter } from '@cinegraph/engines/search/search-index'
import { parseId } from '@cinegraph/kit/lookup'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import { FilmStatus, FilmType } from './film.record.js'

export const FILTER_LIMITS = {
  values: 50,
  persons: 10,
  firstYear: 1870,
  lastYear: 2100,
  seasons: 200,
} as const

const listOf = <S extends z.ZodType>(item: S, max: number) =>
  z.array(item).max(max, `must have at most ${max} items`).nullish()
const range = (min: number, max: number) => {
  const message = `must be between ${min} and ${max}`
  return z.number().min(min, message).max(max, message).nullish()
}
const id = z.string().transform((value, context) => {
  const parsed = parseId(value)
  if (parsed === undefined) context.addIssue({ code: 'custom', message: 'must be an id' })
  return parsed ?? z.NEVER
})
const country = z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters, such as FR')
const year = range(FILTER_LIMITS.firstYear, FILTER_LIMITS.lastYear)
const seasons = range(0, FILTER_LIMITS.seasons)
const ageRating = z.number().min(0, 'must be between 0 and 21').max(21, 'must be between 0 and 21')
const role = z.enum(CreditRole).nullish()

const filterSchema = z
  .object({
    genreIds: listOf(id, FILTER_LIMITS.values),
    allGenreIds: listOf(id, FILTER_LIMITS.values),
    excludedGenreIds: listOf(id, FILTER_LIMITS.values),
    statuses: listOf(z.enum(FilmStatus), FILTER_LIMITS.values),
    types: listOf(z.enum(FilmType), FILTER_LIMITS.values),
    yearFrom: year,
    yearTo: year,
    ratingFrom: range(0, 10),
    ratingTo: range(0, 10),
    seasonsFrom: seasons,
    seasonsTo: seasons,
    ageRatings: listOf(ageRating, FILTER_LIMITS.values),
    ageRatingTo: ageRating.nullish(),
    countries: listOf(country, FILTER_LIMITS.values),
    excludedCountries: listOf(country, FILTER_LIMITS.values),
    persons: listOf(z.object({ id, role }), FILTER_LIMITS.persons),
  })
  .refine((it) => inOrder(it.yearFrom, it.yearTo), {
    path: ['yearTo'],
    message: 'must not be before yearFrom',
  })
  .refine((it) => inOrder(it.ratingFrom, it.ratingTo), {
    path: ['ratingTo'],
    message: 'must not be less than ratingFrom',
  })
  .refine((it) => inOrder(it.seasonsFrom, it.seasonsTo), {
    path: ['seasonsTo'],
    message: 'must not be less than seasonsFrom',
  })

const inOrder = (from: number | null | undefined, to: number | null | undefined) =>
  from == null || to == null || from <= to

/** What a client may send as a filter; null, absent and an empty list are no condition. */
export type FilmFilterInput = z.input<typeof filterSchema>

type Conditions = Omit<FilmFilter, 'audiences'>

/** The index's filter without audiences. Throws BAD_USER_INPUT that names the first offending field and its limit. */
export function parseFilmFilter(input: FilmFilterInput | null | undefined): Conditions {
  const { persons, ...rest } = validate(filterSchema, input ?? {}, 'filter')
  return conditionsOf({
    ...rest,
    persons: (persons ?? []).map(({ id, role }) => (role == null ? { id } : { id, role })),
  })
}

type Loose = { [K in keyof Conditions]: Conditions[K] | null | undefined }

const conditionsOf = (values: Loose): Conditions =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([, it]) => it != null && !(Array.isArray(it) && it.length === 0),
    ),
  )
