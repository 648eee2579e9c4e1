import { z } from 'zod'

export const MOST_WORDS = 16
export const MOST_CORRECTIONS = 4
const MOST_GENRES = 100
/** The most words that sound like one another. */
export const MOST_HOMOPHONES = 4

/** A word: any of `forms` is what was meant, the likeliest first; any of `near` is what it may be a misspelling of. */
export interface Word {
  readonly forms: readonly string[]
  readonly near: readonly string[]
}
/** Words that stand together, in this order, in one text. */
export interface Phrase {
  readonly phrase: readonly string[]
}

/** A word that names genres: the film is of one of them. */
export interface GenreWord {
  readonly genre: string
  readonly ids: readonly string[]
}
type Term = Word | Phrase | GenreWord

/** What a text is taken to mean. All its terms must be found. No terms at all find nothing. */
export type Reading = readonly Term[]

const word = z.string().regex(/^[\p{L}\p{N}]{1,64}$/u)
const term = z.union([
  z.strictObject({
    forms: z
      .array(word)
      .min(1)
      .max(1 + MOST_HOMOPHONES),
    near: z.array(word).max(MOST_CORRECTIONS),
  }),
  z.strictObject({ phrase: z.array(word).min(2).max(MOST_WORDS) }),
  z.strictObject({ genre: word, ids: z.array(z.string().regex(/^[^\0]*$/)).max(MOST_GENRES) }),
])

/** For a cursor, which keeps its reading: new documents must not change what the next page is a page of. */
export const readingSchema = z.array(term).max(MOST_WORDS)

const YEAR = /^(18[7-9]\d|19\d\d|20\d\d)$/
export const isYear = (word: string): boolean => YEAR.test(word)

export const isWord = (it: Term): it is Word => 'forms' in it
export const wordsIn = (reading: Reading): Word[] => reading.filter(isWord)
export const genresIn = (reading: Reading): GenreWord[] => reading.filter((it) => 'genre' in it)

/** Whether it asks for anything in the texts of a film. */
export const isTextual = (reading: Reading): boolean =>
  reading.length === 0 || genresIn(reading).length < reading.length

/** Every word that the reading knows of. */
export const allWords = (reading: Reading): string[] =>
  reading.flatMap((it) => {
    if (isWord(it)) return [...it.forms, ...it.near]
    return 'phrase' in it ? it.phrase : [it.genre]
  })

/** Whether no word of it may be a misspelling. */
export const isPlain = (reading: Reading): boolean =>
  wordsIn(reading).every(({ near }) => near.length === 0)

/** Without what a word may be a misspelling of. */
export const withoutNear = (reading: Reading): Reading =>
  reading.map((it) => (isWord(it) ? { forms: it.forms, near: [] } : it))

/** The reading as a person would type it. */
export const textOf = (reading: Reading): string =>
  reading
    .map((it) => {
      if (isWord(it)) return it.forms[0]!
      return 'phrase' in it ? `"${it.phrase.join(' ')}"` : it.genre
    })
    .join(' ')

/**
 * The names that the reading may be the whole of, folded: of the likeliest words, of the next likeliest, and so on, with and without the
 * year that people add to a title.
 */
export function wholeNames(reading: Reading): string[] {
  const options = reading.map((it) =>
    isWord(it) ? [...it.forms, ...it.near] : [allWords([it]).join(' ')],
  )
  const most = Math.max(0, ...options.map(({ length }) => length))
  const names = Array.from({ length: most }, (_, rank) => options.map((it) => it[rank] ?? it[0]!))
  const yearless = names.map((name) => name.filter((it) => !isYear(it)))
  return [...new Set([...names, ...yearless].map((it) => it.join(' ')))].filter((it) => it !== '')
}
