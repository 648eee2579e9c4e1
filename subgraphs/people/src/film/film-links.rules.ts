import { line } from '@cinegraph/kit/catalogue-text'
import { CreditRole } from '@cinegraph/engines/search/credit-role'
import { z } from 'zod'
import { creditKey } from './film-links.js'

export const MAX_GENRES = 20
export const MAX_CREDITS = 3_000
export const MAX_CHARACTER_LENGTH = 200

const NO_GENRE = 'there is no such genre'
const NO_PERSON = 'there is no such person'

const idOf = (absent: string) => z.guid(absent).toLowerCase()

const credit = z
  .object({
    personId: idOf(NO_PERSON),
    role: z.enum(CreditRole),
    character: line(MAX_CHARACTER_LENGTH)
      .nullish()
      .transform((it) => it ?? null),
  })
  .refine(({ role, character }) => role === 'ACTOR' || character === null, {
    path: ['character'],
    message: 'must be left out: only an actor plays one',
  })

/** A list that is absent stays as it is; null is an empty one. */
export const filmLinks = z.object({
  genreIds: z
    .array(idOf(NO_GENRE))
    .max(MAX_GENRES, `must have at most ${MAX_GENRES} genres`)
    .superRefine(repeated((id) => id))
    .nullish()
    .transform(emptied),
  credits: z
    .array(credit)
    .max(MAX_CREDITS, `must have at most ${MAX_CREDITS} credits`)
    .superRefine(repeated(creditKey))
    .nullish()
    .transform(emptied),
})
export type WantedLinks = z.output<typeof filmLinks>

/** That all persons and genres are among those that there are. */
export const linksAmong = (genreIds: ReadonlySet<string>, personIds: ReadonlySet<string>) =>
  z.object({
    genreIds: z.array(z.string().refine((id) => genreIds.has(id), NO_GENRE)).optional(),
    credits: z
      .array(z.object({ personId: z.string().refine((id) => personIds.has(id), NO_PERSON) }))
      .optional(),
  })

function emptied<T>(given: T[] | null | undefined): T[] | undefined {
  return given === null ? [] : given
}

/** An issue for each item that stands in the list before. */
function repeated<T>(keyOf: (item: T) => string) {
  return (items: readonly T[], context: z.RefinementCtx) => {
    const first = new Map<string, number>()
    for (const [index, item] of items.entries()) {
      const key = keyOf(item)
      const before = first.get(key)
      if (before === undefined) first.set(key, index)
      else context.addIssue({ code: 'custom', path: [index], message: `repeats number ${before}` })
    }
  }
}
