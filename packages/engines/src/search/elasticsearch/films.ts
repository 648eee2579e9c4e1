import { AppError } from '@cinegraph/kit/errors'
import { highlightsOf, textsOf, type HighlightedFilm } from '../highlight.js'
import { createPositions } from '../position.js'
import { meantBy, readText } from '../reading/read-text.js'
import { allWords, isTextual, type Reading } from '../reading/reading.js'
import { isStopWord } from '../reading/stop-words.js'
import type { FilmHit, FilmQuery, SearchIndex } from '../search-index.js'
import { wordsOf } from '../words.js'
import type { Query } from './connection.js'
import { corpusOf } from './corpus.js'
import { allOf, filmConditions, visibleTo } from './film-filter.js'
import { sortOf } from './film-sort.js'
import { type Page, pageOf, readPage, searchOf } from './page.js'
import type { Reader } from './reader.js'
import { matches, scored } from './relevance.js'
import type { Stems } from './stems.js'

export type FilmText = Pick<FilmQuery, 'text' | 'language' | 'filter'>

export const readFilmText = (reader: Reader, { text = '', filter }: FilmText) =>
  readText(text, corpusOf(reader, { visible: visibleTo(filter.audiences), hasGenres: true }))

export async function findFilms(
  { reader, stems }: { reader: Reader; stems: Stems },
  query: FilmQuery,
): ReturnType<SearchIndex['films']> {
  const { text = '', language, filter, sort, first } = query
  const { key, positions, position } = orderOf(query)
  const reading = position ? position.reading : await readFilmText(reader, query)
  const searched = reading && isTextual(reading) ? reading : undefined
  const { rows, hasNextPage } = await readPage<{ texts?: HighlightedFilm }>(reader, {
    query: filmsThat(allOf(filmConditions(filter)), reading, sort.field === 'RELEVANCE'),
    ...{ key, position, positions, reading, first, fields: searched ? ['texts'] : [] },
  })
  const matched =
    searched &&
    (await matchedBy(
      searched,
      rows.map(({ source }) => source.texts!),
      stems,
    ))
  const hits = rows.map(({ id, cursor, source }): FilmHit => ({
    ...{ id, cursor },
    highlights: matched ? highlightsOf(source.texts!, language, matched) : [],
  }))
  return { hits, hasNextPage, didYouMean: hits.length > 0 ? meantBy(text, reading) : null }
}

/** The order of a list and its cursors. Throws BAD_USER_INPUT for a cursor of another one. */
function orderOf(query: FilmQuery) {
  const { text = '', language, sort, after } = query
  const key = sortOf(query)
  const positions = createPositions({
    list: ['films', text.trim(), language, sort.field, sort.direction, sort.seed],
    type: key.type,
    searched: text.trim() !== '',
  })
  return { key, positions, position: after === undefined ? undefined : positions.read(after) }
}

/** Lists without a text, in one request. */
export async function findLists(
  reader: Reader,
  queries: readonly FilmQuery[],
): ReturnType<SearchIndex['filmLists']> {
  const opened = queries.map(open)
  const pages = opened.filter((it): it is Page => !(it instanceof AppError))
  const found = await reader.searchAll<{ id: string }>(pages.map(searchOf))
  const answers = new Map(pages.map((page, at) => [page, pageOf(page, found[at]!)]))
  return opened.map((it) => {
    if (it instanceof AppError) return it
    const { rows, hasNextPage } = answers.get(it)!
    const hits = rows.map(({ id, cursor }) => ({ id, cursor, highlights: [] }))
    return { hits, hasNextPage, didYouMean: null }
  })
}

function open(query: FilmQuery): Page | AppError {
  try {
    const filter = allOf(filmConditions(query.filter))
    return {
      ...orderOf(query),
      query: { bool: { filter } },
      reading: undefined,
      first: query.first,
    }
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

function filmsThat(filter: Query[], reading: Reading | undefined, isScored: boolean): Query {
  if (!reading) return { bool: { filter } }
  return isScored ? scored(reading, filter) : { bool: { filter: [...filter, matches(reading)] } }
}

/** Which words of the texts are among those that were searched, by their stems. */
async function matchedBy(reading: Reading, films: readonly HighlightedFilm[], stems: Stems) {
  const words = films.flatMap(textsOf).flatMap((text) => wordsOf(text))
  const searched = allWords(reading)
  const telling = searched.filter((word) => !isStopWord(word))
  const sought = telling.length > 0 ? telling : searched
  const stemOf = await stems([...words, ...sought])
  const soughtStems = new Set(sought.map(stemOf))
  return (word: string) => soughtStems.has(stemOf(word))
}

export async function countFilms(reader: Reader, query: FilmText): Promise<number> {
  const reading = await readFilmText(reader, query)
  const filter = allOf(filmConditions(query.filter))
  return reader.count({ bool: { filter: reading ? [...filter, matches(reading)] : filter } })
}
