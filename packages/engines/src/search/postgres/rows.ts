import type {
  DocumentKind,
  DocumentsByKind,
  FilmDocument,
  IndexLanguage,
  Texts,
} from '../search-index.js'
import { wordsOf } from '../words.js'

// a tsvector holds 1 MB
const MOST_WORDS = 5_000

/** Values by column, as they are sent: texts of a tsvector column as folded words. */
export type Row = Readonly<Record<string, unknown>>

export const rowOf = (document: DocumentsByKind[DocumentKind]): Row =>
  'audience' in document ? filmRow(document) : namedRow(document, namesOf(document))

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

const wordsIn = (texts: readonly unknown[]) => wordsOf(texts.join(' '), MOST_WORDS).join(' ')

function namedRow(
  document: { id: string; version: number; name: Texts },
  names: readonly string[],
): Row {
  const { id, version, name } = document
  return {
    ...{ id, version, live: true },
    name_en: nameIn(name, 'en'),
    name_ru: nameIn(name, 'ru'),
    names: [...new Set(names.map((it) => wordsOf(it, MOST_WORDS).join(' ')))],
    words: wordsIn(names),
    prefixes: wordsIn(names),
  }
}

function filmRow(film: FilmDocument): Row {
  const { title, originalTitle, description, credits } = film
  return {
    ...namedRow({ ...film, name: title }, titlesOf(film)),
    words: {
      title: wordsIn(Object.values(title)),
      original: wordsIn([originalTitle]),
      persons: wordsIn(personsOf(film)),
      // people add the year to a title
      description: wordsIn([...Object.values(description), film.releaseYear]),
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
    document: { title, originalTitle, description, credits: credits.map(({ name }) => ({ name })) },
  }
}
