import { inLanguages, line, prose, slug } from '@cinegraph/kit/catalogue-text'
import { z } from 'zod'
import { checkNamed, kept } from '../editing/texts.rules.js'
import type { StoredPerson } from './person.repository.js'

export const MAX_PERSON_NAME_LENGTH = 200
export const MAX_BIOGRAPHY_LENGTH = 10_000
export const EARLIEST_DAY = '1700-01-01'

const earliest = new Date(EARLIEST_DAY)

const day = z
  .date()
  .refine(
    (it) => it >= earliest && it <= new Date(),
    `must be a day between ${EARLIEST_DAY} and today`,
  )
  // the day itself, as it is stored
  .transform((it) => it.toISOString().slice(0, 10))

const name = line(MAX_PERSON_NAME_LENGTH)
const biography = prose(MAX_BIOGRAPHY_LENGTH).nullish()
const dates = { birthDate: day.nullish(), deathDate: day.nullish() }

/** Null is the same as absent. */
export const newPerson = z.object({
  slug: slug.nullish(),
  translations: inLanguages(z.object({ name: name.nullish(), biography })),
  ...dates,
})
/** What is absent stays as it is; null clears what may be missing. */
export const personChange = z.object({
  slug: kept(slug),
  translations: kept(inLanguages(z.object({ name: kept(name), biography }))),
  ...dates,
})

/** What has to be true of a person as a whole. */
export const wholePerson = z
  .custom<Pick<StoredPerson, 'name' | 'biography' | 'birthDate' | 'deathDate'>>()
  .superRefine(({ name, biography, birthDate, deathDate }, context) => {
    checkNamed({ name, text: biography }, context)
    // ISO dates of four-digit years sort as days do
    if (birthDate !== null && deathDate !== null && deathDate < birthDate) {
      const message = `must not be before the day of birth, ${birthDate}`
      context.addIssue({ code: 'custom', path: ['deathDate'], message })
    }
  })
