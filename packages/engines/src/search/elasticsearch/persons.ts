import type { estypes } from '@elastic/elasticsearch'
import { createPositions } from '../position.js'
import { readText } from '../reading/read-text.js'
import type { Reading } from '../reading/reading.js'
import type { NameQuery, SearchIndex } from '../search-index.js'
import { storable } from '../storable.js'
import type { Query } from './connection.js'
import { corpusOf } from './corpus.js'
import { live } from './film-filter.js'
import { readPage, type SortKey } from './page.js'
import type { Reader } from './reader.js'
import { matches, scored } from './relevance.js'

const PERSONS = live('person')

const read = (reader: Reader, text: string) =>
  readText(text, corpusOf(reader, { visible: PERSONS }))

/** Sorts persons by how many films of the audiences they took part in. */
export const byFilms = (
  audiences: readonly string[],
  order: 'asc' | 'desc',
): estypes.SortCombinations => ({
  'numbers.films': {
    ...{ order, mode: 'sum', missing: 0 },
    nested: {
      path: 'numbers',
      filter: { terms: { 'numbers.audience': audiences.map(storable) } },
    },
  },
})

export async function findPersons(
  reader: Reader,
  query: NameQuery,
): ReturnType<SearchIndex['persons']> {
  const { text = '', language, first, after } = query
  const isScored = query.sort === 'RELEVANCE' && text.trim() !== ''
  const key = isScored ? BY_SCORE : keyOf(query)
  const positions = createPositions({
    list: ['persons', text.trim(), language, query.sort],
    type: key.type,
    searched: text.trim() !== '',
  })
  const position = after === undefined ? undefined : positions.read(after)
  const reading = position ? position.reading : await read(reader, text)
  const { rows, hasNextPage } = await readPage(reader, {
    query: isScored && reading ? scored(reading, PERSONS) : personsThat(reading),
    ...{ key, position, positions, reading, first },
  })
  return { hits: rows.map(({ id, cursor }) => ({ id, cursor })), hasNextPage }
}

const BY_SCORE: SortKey = {
  sort: (order) => ({ _score: { order } }),
  type: 'float8',
  direction: 'DESC',
}

function keyOf({ sort, language, audiences = [] }: NameQuery): SortKey {
  if (sort === 'FILM_COUNT') {
    return { sort: (order) => byFilms(audiences, order), type: 'int4', direction: 'DESC' }
  }
  return { sort: (order) => ({ [`order.${language}`]: { order } }), type: 'text', direction: 'ASC' }
}

const personsThat = (reading: Reading | undefined): Query => ({
  bool: { filter: reading ? [...PERSONS, matches(reading)] : PERSONS },
})

export async function countPersons(reader: Reader, text = ''): Promise<number> {
  return reader.count(personsThat(await read(reader, text)))
}
