import type {
  DocumentKind,
  DocumentsByKind,
  FilmDocument,
  IndexLanguage,
  Texts,
} from './search-index.js'
import { soundOf } from './sounds.js'
import { tokensOf, wordsOf } from './words.js'

/** The most words of a document that are searched; Postgres holds 1 MB of them. */
export const MOST_WORDS = 5_000

/** The text in `language`, or in the other one when it was never translated. */
export const nameIn = (texts: Texts, language: IndexLanguage) =>
  texts[language] ?? texts.en ?? texts.ru ?? ''

/** Every name that the document is known by, and of a film those of its persons. */
export function namesOf(document: DocumentsByKind[DocumentKind]): string[] {
  if (!('audience' in document)) return Object.values(document.name)
  return [...titlesOf(document), ...personsOf(document)]
}

export const titlesOf = ({ title, originalTitle }: FilmDocument) => [
  ...Object.values(title),
  originalTitle,
]
export const personsOf = ({ credits }: FilmDocument) => [
  ...new Set(credits.flatMap(({ name }) => Object.values(name))),
]

/** Begins a word that says how another sounds. */
export const HEARD = 'æ'

const JOINERS = new Set("-‐–.’'")
const JOINED = /[\p{L}\p{N}\p{M}][-‐–.’'][\p{L}\p{N}]/u

/** What is written with hyphens, full stops or apostrophes as those write it who leave them out: `hitchhiker`, `doa`, `obrien`. */
export function compoundsIn(names: readonly string[]): string[] {
  const compounds: string[] = []
  for (const name of names.filter((it) => JOINED.test(it))) {
    let words: string[] = []
    let end = -1
    for (const token of [...tokensOf(name), undefined]) {
      if (token && token.start === end + 1 && JOINERS.has(name[end]!)) words.push(token.word)
      else {
        if (words.length > 1) compounds.push(words.join(''))
        words = token ? [token.word] : []
      }
      end = token?.end ?? -1
    }
  }
  return compounds
}

/** The words of names and how they sound, each once. */
export const prefixesIn = (names: readonly string[]) => {
  const words = wordsOf([...names, ...compoundsIn(names)].join(' '), MOST_WORDS)
  return [...new Set([...words, ...words.flatMap(heardWord)])].join(' ')
}

const heardWord = (word: string) =>
  /\p{L}/u.test(word) && soundOf(word) !== '' ? [HEARD + soundOf(word)] : []

export const wholeNamesOf = (names: readonly string[]) => {
  const folded = names.map((name) => wordsOf(name, MOST_WORDS))
  const heard = folded.map((words) => HEARD + words.map(soundOf).join(' '))
  return [...new Set([...folded.map((words) => words.join(' ')), ...heard])]
}
