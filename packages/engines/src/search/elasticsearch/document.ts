import { createHash } from 'node:crypto'
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
import { storable } from '../storable.js'
import { wordsOf } from '../words.js'
import { collationKey } from './collation-key.js'
import { bonusOf } from './relevance.js'

/** A document as Elasticsearch keeps it, by field. */
export type Source = Readonly<Record<string, unknown>>

export function sourceOf(kind: DocumentKind, document: DocumentsByKind[DocumentKind]): Source {
  const source = {
    ...{ kind, live: true, version: document.version, digest: documentDigest(document) },
    ...('audience' in document ? filmSource(document) : namedSource(document, namesOf(document))),
  }
  return withoutUnstorable(source) as Source
}

export const tombstoneOf = (kind: DocumentKind, id: string, version: number): Source => ({
  ...{ kind, id, version, live: false },
})

/** Of each text its folded words; of all of them together so many that no document is too large. */
function foldedTexts(texts: readonly string[]): string[] {
  let left = MOST_WORDS
  return texts.map((text) => {
    const words = wordsOf(text, left)
    left -= words.length
    return words.join(' ')
  })
}

const foldedNames = (names: readonly string[]) => foldedTexts([...names, ...compoundsIn(names)])

function namedSource({ id, name }: { id: string; name: Texts }, names: readonly string[]): Source {
  const shown = { en: nameIn(name, 'en'), ru: nameIn(name, 'ru') }
  return {
    ...{ id, name: shown },
    order: { en: collationKey(shown.en, 'en'), ru: collationKey(shown.ru, 'ru') },
    title: foldedNames(names),
    names: wholeNamesOf(names),
    spelled: prefixesIn(names),
  }
}

function filmSource(film: FilmDocument): Source {
  const { title, originalTitle, description, credits, externalRating } = film
  return {
    ...namedSource({ id: film.id, name: title }, titlesOf(film)),
    title: foldedNames(Object.values(title)),
    original: foldedNames([originalTitle]),
    // people add the year to a title
    persons: foldedNames([...personsOf(film), String(film.releaseYear ?? '')]),
    description: foldedTexts(Object.values(description)),
    texts: { title, originalTitle, description, credits },
    ...{ audience: film.audience, status: film.status, type: film.type },
    genre_ids: distinct(film.genres.map(({ id }) => id)),
    credits: distinct(credits.flatMap(({ personId, role }) => [personId, `${personId}:${role}`])),
    person_ids: distinct(credits.map(({ personId }) => personId)),
    countries: distinct(film.countries),
    age_rating: film.ageRating,
    ...{ release_date: film.releaseDate, release_year: film.releaseYear },
    ...{ external_rating: externalRating, seasons: film.seasons },
    rating_points: externalRating === null ? null : Math.floor(externalRating),
    bonus: bonusOf(externalRating),
    lot: lotOf(film.id),
  }
}

const distinct = (values: readonly string[]) => [...new Set(values)]

/** 52 bits that are the same wherever the film is indexed. */
const lotOf = (id: string): number =>
  parseInt(createHash('sha256').update(id).digest('hex').slice(0, 13), 16)

function withoutUnstorable(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(withoutUnstorable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, withoutUnstorable(it)]))
}
