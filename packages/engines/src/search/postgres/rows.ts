import { documentDigest } from '../document-digest.js'
import type {
  DocumentKind,
  DocumentsByKind,
  FilmDocument,
  IndexLanguage,
  Texts,
} from '../search-index.js'
import { soundOf } from '../sounds.js'
import { tokensOf, wordsOf } from '../words.js'

// a tsvector holds 1 MB
const MOST_WORDS = 5_000

/** Values by column, as they are sent: texts of a tsvector column as folded words. */
export type Row = Readonly<Record<string, unknown>>

export const rowOf = (document: DocumentsByKind[DocumentKind]): Row => ({
  ...('audience' in document ? filmRow(document) : namedRow(document, namesOf(document))),
  digest: documentDigest(document),
})

/** The text in `language`, or in the other one when it was never translated. */
const nameIn = (texts: Texts, language: IndexLanguage) =>
  texts[language] ?? texts.en ?? texts.ru ?? ''

/** Every name that the document is known by, and of a film those of its persons. */
export function namesOf(document: DocumentsByKind[DocumentKind]): string[] {
  if (!('audience' in document)) return Object.values(document.name)
  return [...titlesOf(document), ...personsOf(document)]
}

const titlesOf = ({ title, originalTitle }: FilmDocument) => [
  ...Object.values(title),
  originalTitle,
]
const personsOf = ({ credits }: FilmDocument) => [
  ...new Set(credits.flatMap(({ name }) => Object.values(name))),
]

/** Stands between texts, so that no phrase reaches from one into the next. Folding leaves no word like it. */
const GAP = 'æ'
/** Begins a word that says how another sounds. */
export const HEARD = 'æ'

function wordsIn(texts: readonly unknown[]): string {
  const words: string[] = []
  for (const text of texts) words.push(...wordsOf(String(text), MOST_WORDS - words.length), GAP)
  return words.join(' ')
}

const JOINERS = new Set("-‐–.’'")
const JOINED = /[\p{L}\p{N}\p{M}][-‐–.’'][\p{L}\p{N}]/u

/** What is written with hyphens, full stops or apostrophes as those write it who leave them out: `hitchhiker`, `doa`, `obrien`. */
function compoundsIn(names: readonly string[]): string[] {
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

const namesIn = (names: readonly string[]) => wordsIn([...names, ...compoundsIn(names)])

/** The words of names and how they sound, each once. */
const prefixesIn = (names: readonly string[]) => {
  const words = wordsOf([...names, ...compoundsIn(names)].join(' '), MOST_WORDS)
  return [...new Set([...words, ...words.flatMap(heardWord)])].join(' ')
}

const heardWord = (word: string) =>
  /\p{L}/u.test(word) && soundOf(word) !== '' ? [HEARD + soundOf(word)] : []

const wholeNamesOf = (names: readonly string[]) => {
  const folded = names.map((name) => wordsOf(name, MOST_WORDS))
  const heard = folded.map((words) => HEARD + words.map(soundOf).join(' '))
  return [...new Set([...folded.map((words) => words.join(' ')), ...heard])]
}

function namedRow(
  document: { id: string; version: number; name: Texts },
  names: readonly string[],
): Row {
  const { id, version, name } = document
  return {
    ...{ id, version, live: true },
    name_en: nameIn(name, 'en'),
    name_ru: nameIn(name, 'ru'),
    names: wholeNamesOf(names),
    words: namesIn(names),
    prefixes: prefixesIn(names),
  }
}

function filmRow(film: FilmDocument): Row {
  const { title, originalTitle, description, credits } = film
  return {
    ...namedRow({ ...film, name: title }, titlesOf(film)),
    words: {
      title: namesIn(Object.values(title)),
      original: namesIn([originalTitle]),
      // people add the year to a title
      persons: namesIn([...personsOf(film), String(film.releaseYear ?? '')]),
      description: wordsIn(Object.values(description)),
    },
    audience: film.audience,
    status: film.status,
    type: film.type,
    genre_ids: [...new Set(film.genres.map(({ id }) => id))],
    credits: [
      ...new Set(credits.flatMap(({ personId, role }) => [personId, `${personId}:${role}`])),
    ],
    countries: [...new Set(film.countries)],
    age_rating: film.ageRating,
    release_date: film.releaseDate,
    release_year: film.releaseYear,
    external_rating: film.externalRating,
    seasons: film.seasons,
    characters: charactersOf(credits),
    document: { title, originalTitle, description, credits: credits.map(({ name }) => ({ name })) },
  }
}

/** Characters by credit, as the column `credits` has it. */
const charactersOf = (credits: FilmDocument['credits']) =>
  Object.fromEntries(
    credits
      .filter(({ characters }) => characters.length > 0)
      .map(({ personId, role, characters }) => [`${personId}:${role}`, characters]),
  )
