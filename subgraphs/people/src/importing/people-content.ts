import { randomUUID } from 'node:crypto'
import {
  given,
  type ImportedTexts,
  type ImportProblem,
  type ImportRules,
  missingTexts,
  textsAfter,
} from '@cinegraph/kit/importing'
import type { CreditRecord } from '../credits/credit.repository.js'
import type { GenreRecord } from '../genres/genre.repository.js'
import type { PersonRecord } from '../persons/person.repository.js'

/** All of a person that an import can set and an export tells. Plain JSON. */
export type PersonContent = Omit<PersonRecord, 'id'>
/** The same of a genre. */
export type GenreContent = Omit<GenreRecord, 'id'>

/** Texts are set by language. */
export interface PersonFields {
  readonly slug?: string | undefined
  readonly name?: ImportedTexts | undefined
  readonly biography?: ImportedTexts | undefined
  readonly birthDate?: string | null | undefined
  readonly deathDate?: string | null | undefined
}

export interface GenreFields {
  readonly slug?: string | undefined
  readonly name?: ImportedTexts | undefined
  readonly description?: ImportedTexts | undefined
}

export type CreditContent = Omit<CreditRecord, 'order'>

/** What belongs to one film, each list in the order in which it is shown. */
export interface LinksContent {
  /** Their ids. */
  readonly genres: readonly string[]
  readonly credits: readonly CreditContent[]
}

/** Each list is set as a whole. A credit that the film has already keeps its id. */
export interface LinksFields {
  readonly genres?: readonly string[] | undefined
  readonly credits?: readonly Omit<CreditContent, 'id'>[] | undefined
}

export const PERSON_RULES: ImportRules<PersonFields, PersonContent> = {
  after: (before, fields) => ({
    ...(before ?? ({ birthDate: null, deathDate: null } as PersonContent)),
    ...given(fields),
    name: textsAfter(before?.name, fields.name),
    biography: textsAfter(before?.biography, fields.biography),
  }),
  problemsOf: ({ slug, name, biography, birthDate, deathDate }) => [
    ...requiredOfNew({ slug }),
    ...missingTexts(['name', name], { biography }),
    ...(birthDate !== null && deathDate !== null && deathDate < birthDate
      ? [{ field: 'deathDate', message: `must not be before birthDate, ${birthDate}` }]
      : []),
  ],
}

export const GENRE_RULES: ImportRules<GenreFields, GenreContent> = {
  after: (before, fields) => ({
    ...(before as GenreContent),
    ...given(fields),
    name: textsAfter(before?.name, fields.name),
    description: textsAfter(before?.description, fields.description),
  }),
  problemsOf: ({ slug, name, description }) => [
    ...requiredOfNew({ slug }),
    ...missingTexts(['name', name], { description }),
  ],
}

export const LINKS_RULES: ImportRules<LinksFields, LinksContent> = {
  after: (before, { genres, credits }) => ({
    genres: genres ?? before?.genres ?? [],
    credits: credits ? withIds(credits, before?.credits ?? []) : (before?.credits ?? []),
  }),
  problemsOf: () => [],
  told: ({ genres, credits }) => ({ genres, credits: credits.map(({ id: _, ...it }) => it) }),
}

function withIds(
  credits: readonly Omit<CreditContent, 'id'>[],
  before: readonly CreditContent[],
): CreditContent[] {
  const ids = new Map<string, string[]>()
  for (const credit of before) {
    ids.set(keyOf(credit), [...(ids.get(keyOf(credit)) ?? []), credit.id])
  }
  return credits.map((credit) => ({
    ...credit,
    id: ids.get(keyOf(credit))?.shift() ?? randomUUID(),
  }))
}

const keyOf = ({ personId, role, character }: Omit<CreditContent, 'id'>) =>
  JSON.stringify([personId, role, character])

const requiredOfNew = (fields: Readonly<Record<string, unknown>>): ImportProblem[] =>
  Object.keys(fields)
    .filter((field) => fields[field] === undefined)
    .map((field) => ({ field, message: 'is required' }))
