import { documentDigest } from '../document-digest.js'
import {
  compoundsIn,
  MOST_WORDS,
  nameIn,
  namesOf,
  personsOf,
  prefixesIn,
  titlesOf,
  wholeNamesOf,
} from '../document-text.js'
import type { DocumentKind, DocumentsByKind, FilmDocument, Texts } from '../search-index.js'
import { wordsOf } from '../words.js'

/** Values by column, as they are sent: texts of a tsvector column as folded words. */
export type Row = Readonly<Record<string, unknown>>

export const rowOf = (document: DocumentsByKind[DocumentKind]): Row => ({
  ...('audience' in document ? filmRow(document) : namedRow(document, namesOf(document))),
  digest: documentDigest(document),
})

/** Stands between texts, so that no phrase reaches from one into the next. Folding leaves no word like it. */
const GAP = 'æ'
function wordsIn(texts: readonly unknown[]): string {
  const words: string[] = []
  for (const text of texts) words.push(...wordsOf(String(text), MOST_WORDS - words.length), GAP)
  return words.join(' ')
}

const namesIn = (names: readonly string[]) => wordsIn([...names, ...compoundsIn(names)])

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
