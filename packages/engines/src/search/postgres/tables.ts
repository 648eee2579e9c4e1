import type { DocumentKind } from '../search-index.js'

/** A column's type in the JSON that is sent, and its value when that is not the column itself. */
type Columns = Readonly<Record<string, { type: string; value?: string }>>

const NAMED: Columns = {
  id: { type: 'text' },
  version: { type: 'bigint' },
  live: { type: 'boolean' },
  digest: { type: 'text' },
  name_en: { type: 'text' },
  name_ru: { type: 'text' },
  names: { type: 'text[]' },
  words: { type: 'text', value: `to_tsvector('search.stems', words)` },
  prefixes: { type: 'text', value: `to_tsvector('simple', prefixes)` },
}

const weighted = ['title', 'original', 'persons', 'description'].map(
  (part, index) =>
    `setweight(to_tsvector('search.stems', words->>'${part}'), '${'ABCD'.charAt(index)}')`,
)

const FILM: Columns = {
  ...NAMED,
  words: { type: 'jsonb', value: weighted.join(' || ') },
  key_words: { type: 'text', value: weighted.slice(0, -1).join(' || ') },
  audience: { type: 'text' },
  status: { type: 'text' },
  type: { type: 'text' },
  genre_ids: { type: 'text[]' },
  credits: { type: 'text[]' },
  countries: { type: 'text[]' },
  age_rating: { type: 'int' },
  release_date: { type: 'text' },
  release_year: { type: 'int' },
  external_rating: { type: 'float8' },
  seasons: { type: 'int' },
  characters: { type: 'jsonb' },
  document: { type: 'jsonb' },
}

export const TABLES = {
  film: { name: 'search.films', columns: FILM },
  person: { name: 'search.persons', columns: NAMED },
  genre: { name: 'search.genres', columns: NAMED },
} as const satisfies Record<DocumentKind, { name: string; columns: Columns }>

export const tableOf = (kind: DocumentKind) => TABLES[kind].name
