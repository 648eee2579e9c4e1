import { parseJson } from '@cinegraph/kit/json'
import type { Kind } from './record.js'

const ALL = ['genre', 'person', 'film'] as const

/** How a cell says a value: `text` as it is, `list` with `|` between its items, `json` as JSON. */
type Notation = 'text' | 'number' | 'boolean' | 'list' | 'json'

interface Column {
  readonly name: string
  readonly kinds: readonly Kind[]
  readonly notation: Notation
  /** It cannot be taken away: an empty cell leaves it as it is. */
  readonly lasting: boolean
}

const column = (
  name: string,
  kinds: readonly Kind[],
  { notation = 'text', lasting = false }: { notation?: Notation; lasting?: boolean } = {},
): Column => ({ name, kinds, notation, lasting })

const inBoth = (name: string, kinds: readonly Kind[]) =>
  ['en', 'ru'].map((language) => column(`${name}.${language}`, kinds))

const FILM = ['film'] as const
const PERSON = ['person'] as const
const LASTING = { lasting: true }
const NUMBER = { notation: 'number' } as const

/** The columns of CSV, in the order in which they are written. */
export const COLUMNS: readonly Column[] = [
  column('kind', ALL, LASTING),
  column('slug', ALL, LASTING),
  ...inBoth('name', ['genre', 'person']),
  column('type', FILM, LASTING),
  ...inBoth('title', FILM),
  column('originalTitle', FILM, LASTING),
  column('originalLanguage', FILM, LASTING),
  ...inBoth('description', ['genre', 'film']),
  ...inBoth('tagline', FILM),
  ...inBoth('biography', PERSON),
  column('birthDate', PERSON),
  column('deathDate', PERSON),
  column('releaseDate', FILM),
  column('releaseYear', FILM, NUMBER),
  column('runtimeMinutes', FILM, NUMBER),
  column('ageRating', FILM, { ...NUMBER, ...LASTING }),
  column('countries', FILM, { notation: 'list' }),
  column('genres', FILM, { notation: 'list' }),
  column('externalRating', FILM, NUMBER),
  column('trailerUrl', FILM),
  column('creditsStartSec', FILM, NUMBER),
  column('requiredRole', FILM),
  column('hiddenWithoutRole', FILM, { notation: 'boolean' }),
  column('status', FILM, LASTING),
  column('publishAt', FILM),
  column('externalIds', FILM, { notation: 'json' }),
  column('credits', FILM, { notation: 'json' }),
  column('seasons', FILM, { notation: 'json' }),
]

const byName = new Map(COLUMNS.map((it) => [it.name, it]))

export const isColumn = (name: string): boolean => byName.has(name)

type Fields = Record<string, unknown>

/** The record of a row. An empty cell takes the value away; a column that is not of its kind has to be empty. */
export function recordOf(header: readonly string[], cells: readonly string[]): Fields {
  const kind = cells[header.indexOf('kind')]
  const record: Fields = {}
  for (const [index, name] of header.entries()) {
    const { kinds, notation, lasting } = byName.get(name)!
    const cell = cells[index]!
    if (cell === '' && (lasting || !kinds.includes(kind as Kind))) continue
    set(record, name, cell === '' ? null : READ[notation](cell))
  }
  return record
}

/** The cells of a record, in the order of `COLUMNS`. */
export const cellsOf = (record: Fields): string[] =>
  COLUMNS.map(({ name, notation }) => {
    const value = name
      .split('.')
      .reduce<unknown>((of, key) => (of as Fields | undefined)?.[key], record)
    return value === undefined || value === null ? '' : WRITE[notation](value)
  })

function set(record: Fields, name: string, value: unknown): void {
  const [field, language] = name.split('.') as [string, string?]
  if (language === undefined) record[field] = value
  else record[field] = { ...(record[field] as object | undefined), [language]: value }
}

// what is no value of its notation stays the text that it is, and the record's rules say what it has to be
const READ: Readonly<Record<Notation, (cell: string) => unknown>> = {
  text: (cell) => cell,
  number: (cell) => (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : cell),
  boolean: (cell) => ({ true: true, false: false })[cell] ?? cell,
  list: (cell) => cell.split('|'),
  json: (cell) => parseJson(cell) ?? cell,
}

const json = (value: unknown) => JSON.stringify(value)
const none = (value: unknown) => Object.keys(value as object).length === 0

const WRITE: Readonly<Record<Notation, (value: unknown) => string>> = {
  text: String,
  number: json,
  boolean: json,
  list: (value) => (value as string[]).join('|'),
  json: (value) => (none(value) ? '' : json(value)),
}
