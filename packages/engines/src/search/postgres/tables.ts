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

const weighted = (part: string, weight: string) =>
  `setweight(to_tsvector('search.stems', words->>'${part}'), '${weight}')`

// OFFSET 0: stemmed once for both columns
const STEMMED = `, LATERAL (SELECT
    ${weighted('title', 'A')} || ${weighted('original', 'B')} || ${weighted('persons', 'C')} AS key_stems,
    ${weighted('description', 'D')} AS other_stems OFFSET 0
  ) AS stemmed`

const FILM: Columns = {
  ...NAMED,
  words: { type: 'jsonb', value: 'key_stems || other_stems' },
  key_words: { type: 'text', value: 'key_stems' },
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

/** `computed`: more of a statement's FROM, for the values of columns. */
export const TABLES = {
  film: { name: 'search.films', columns: FILM, computed: STEMMED },
  person: { name: 'search.persons', columns: NAMED, computed: '' },
  genre: { name: 'search.genres', columns: NAMED, computed: '' },
} as const satisfies Record<DocumentKind, { name: string; columns: Columns; computed: string }>

export const tableOf = (kind: DocumentKind) => TABLES[kind].name
