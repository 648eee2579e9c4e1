import { asciiLetters } from '../typos.js'
import type {
  DocumentKind,
  DocumentsByKind,
  FilmDocument,
  IndexLanguage,
  Texts,
} from '../search-index.js'
import { wordsOf } from '../words.js'
import { storable, type Run } from './connection.js'

const BATCH = 300
const SHORTEST_IN_VOCABULARY = 3
// a tsvector holds 1 MB
const MOST_WORDS = 5_000

type Row = Readonly<Record<string, unknown>>

/** A column's type in the JSON that is sent, and its value when that is not the column itself. */
type Columns = Readonly<Record<string, { type: string; value?: string }>>

const IDENTITY: Columns = {
  id: { type: 'text' },
  version: { type: 'bigint' },
  live: { type: 'boolean' },
}

const NAMED: Columns = {
  ...IDENTITY,
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
  type: { type: 'text' },
  genre_ids: { type: 'text[]' },
  credits: { type: 'text[]' },
  countries: { type: 'text[]' },
  age_rating: { type: 'int' },
  release_date: { type: 'text' },
  release_year: { type: 'int' },
  external_rating: { type: 'float8' },
  document: { type: 'jsonb' },
}

const TABLES = {
  film: { name: 'search.films', columns: FILM },
  person: { name: 'search.persons', columns: NAMED },
  genre: { name: 'search.genres', columns: NAMED },
} as const satisfies Record<DocumentKind, { name: string; columns: Columns }>

export const tableOf = (kind: DocumentKind) => TABLES[kind].name

/** The text in `language`, or in the other one when it was never translated. */
const nameIn = (texts: Texts, language: IndexLanguage) =>
  texts[language] ?? texts.en ?? texts.ru ?? ''

export async function writeDocuments<K extends DocumentKind>(
  run: Run,
  kind: K,
  documents: readonly DocumentsByKind[K][],
): Promise<void> {
  const newest = newestById(documents)
  for (const batch of batchesOf(newest)) {
    const rows = batch.map((it) => ('audience' in it ? filmRow(it) : namedRow(it, namesOf(it))))
    // first, so that no document can be found whose words cannot
    await writeVocabulary(run, batch)
    await write(run, { kind, rows, when: 'stored.version < excluded.version' })
  }
}

/** Leaves tombstones. Of a document and a tombstone of one version the tombstone wins, whichever comes first. */
export async function writeTombstones(
  run: Run,
  kind: DocumentKind,
  entries: readonly { id: string; version: number }[],
): Promise<void> {
  for (const batch of batchesOf(newestById(entries))) {
    const rows = batch.map(({ id, version }) => ({ id, version, live: false }))
    await write(run, { kind, rows, when: 'stored.version <= excluded.version' })
  }
}

async function write(
  run: Run,
  { kind, rows, when }: { kind: DocumentKind; rows: readonly Row[]; when: string },
): Promise<void> {
  const { name, columns } = TABLES[kind]
  const entries = Object.entries(columns)
  const names = entries.map(([column]) => column)
  await run(
    `INSERT INTO ${name} AS stored (${names.join(', ')})
    SELECT ${entries.map(([column, { value }]) => value ?? column).join(', ')}
    FROM jsonb_to_recordset($1) AS given (${entries.map(([column, { type }]) => `${column} ${type}`).join(', ')})
    -- the same order everywhere, or two writers wait for each other
    ORDER BY id COLLATE "C"
    ON CONFLICT (id) DO UPDATE SET ${names.map((column) => `${column} = excluded.${column}`).join(', ')}
    WHERE ${when}`,
    [
      JSON.stringify(rows, (_, value: unknown) =>
        typeof value === 'string' ? storable(value) : value,
      ),
    ],
  )
}

async function writeVocabulary(
  run: Run,
  documents: readonly DocumentsByKind[DocumentKind][],
): Promise<void> {
  const words = [...new Set(documents.flatMap(namesOf).flatMap((name) => wordsOf(name)))]
    .filter((word) => word.length >= SHORTEST_IN_VOCABULARY && asciiLetters(word) !== '')
    .sort()
  await run(
    `INSERT INTO search.vocabulary SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING`,
    [words, words.map(asciiLetters)],
  )
}

/** Every name that the document is known by, and of a film those of its persons. */
function namesOf(document: DocumentsByKind[DocumentKind]): string[] {
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

function newestById<D extends { id: string; version: number }>(documents: readonly D[]): D[] {
  const newest = new Map<string, D>()
  for (const document of documents) {
    const known = newest.get(document.id)
    if (!known || known.version < document.version) newest.set(document.id, document)
  }
  return [...newest.values()]
}

const batchesOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  )
