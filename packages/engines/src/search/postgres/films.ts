import { highlightsOf, textsOf, type HighlightedFilm } from '../highlight.js'
import type { FilmHit, FilmQuery, FilmSort, Highlight, SearchIndex } from '../search-index.js'
import { createPositions, type Position } from '../position.js'
import { meantBy, readText } from '../reading/read-text.js'
import { allWords, isPlain, isTextual, type Reading } from '../reading/reading.js'
import { wordsOf } from '../words.js'
import { type Bind, createBindings, type Run } from './connection.js'
import { corpusOf } from './corpus.js'
import { filmConditions, filmTable, isWholeCatalogue, visibleSql, whereSql } from './film-filter.js'
import { pageSql, type SortKey } from './page.sql.js'
import { questionSql } from './question.js'
import { bestSql, matchesSql, scoreSql, TITLE_WORDS } from './relevance.js'

export type FilmText = Pick<FilmQuery, 'text' | 'language' | 'filter'>

export const readFilmText = (run: Run, { text = '', filter }: FilmText) =>
  readText(
    text,
    corpusOf(run, {
      table: 'search.films',
      titles: TITLE_WORDS,
      hasGenres: true,
      visible: (bind) => visibleSql(bind, filter.audiences),
    }),
  )

const SCORED = {
  words: 'key_words',
  bonus: 'coalesce(least(greatest(external_rating, 0), 10) / 100, 0)',
}

const NO_DATE = { ASC: `'~'`, DESC: `''` }
const NO_RATING = { ASC: `'infinity'`, DESC: `'-infinity'` }

function sortKey(
  { field, direction, seed = 0 }: FilmSort,
  language: FilmQuery['language'],
): SortKey {
  switch (field) {
    case 'TITLE':
      return { sql: `left(name_${language}, 200)`, type: 'text', direction }
    case 'RELEASE_DATE':
      return { sql: `coalesce(release_date, ${NO_DATE[direction]})`, type: 'text', direction }
    case 'EXTERNAL_RATING':
      return {
        sql: `coalesce(external_rating, ${NO_RATING[direction]})`,
        type: 'float8',
        direction,
      }
    case 'RANDOM':
      // as many bits of the hash as a float8 holds exactly
      return {
        sql: `(hashtextextended(id, ${seed}) & ${Number.MAX_SAFE_INTEGER})::float8`,
        type: 'float8',
        direction,
      }
    case 'RELEVANCE':
      return { sql: '', type: 'numeric', direction }
  }
}

/** The order of a list and its cursors. Throws BAD_USER_INPUT for a cursor of another one. */
export function orderOf({ text = '', language, sort, after }: FilmQuery) {
  const key = sortOf({ text, sort, language })
  const positions = createPositions({
    list: ['films', text.trim(), language, sort.field, sort.direction, sort.seed],
    type: key.type,
    searched: text.trim() !== '',
  })
  return { key, positions, position: after === undefined ? undefined : positions.read(after) }
}

function sortOf({
  text,
  sort,
  language,
}: Pick<FilmQuery, 'sort' | 'language'> & { text: string }): SortKey {
  const relevantToNothing = sort.field === 'RELEVANCE' && text.trim() === ''
  return sortKey(relevantToNothing ? { field: 'RELEASE_DATE', direction: 'DESC' } : sort, language)
}

interface FilmRow {
  id: string
  position: string
  document: HighlightedFilm
}

export async function findFilms(run: Run, query: FilmQuery): ReturnType<SearchIndex['films']> {
  const { text = '', language, first } = query
  const { key, positions, position } = orderOf(query)
  const reading = position ? position.reading : await readFilmText(run, query)
  const searched = reading && isTextual(reading) ? reading : undefined
  const page = { query, key, position, reading }
  const bestFirst =
    searched && isPlain(searched) && key.type === 'numeric' && key.direction === 'DESC'
  const best = bestFirst ? await findBest(run, page) : []
  // what fills a page of the best is the page
  const found = best.length > first ? best : await findPage(run, page)
  const shown = found.slice(0, first)
  const highlights = await highlight(run, {
    rows: shown,
    reading: searched,
    language,
  })
  const hits = shown.map(({ id, position: key }, index): FilmHit => ({
    id,
    cursor: positions.write({ key, id, reading }),
    highlights: highlights[index]!,
  }))
  return {
    hits,
    hasNextPage: found.length > first,
    didYouMean: hits.length > 0 ? meantBy(text, reading) : null,
  }
}

interface Paged {
  query: FilmQuery
  key: SortKey
  position: Position | undefined
  reading: Reading | undefined
}

const findBest = (run: Run, page: Paged) => findPage(run, page, bestSql)

function findPage(
  run: Run,
  { query: { filter, first }, key, position, reading }: Paged,
  among: (bind: Bind, reading: Reading) => string = matchesSql,
): Promise<FilmRow[]> {
  const { values, bind } = createBindings()
  const conditions = [whereSql(filmConditions(bind, filter))]
  if (reading) conditions.push(among(bind, reading))
  const keySql = key.type === 'numeric' && reading ? scoreSql(bind, reading, SCORED) : key.sql
  const document = reading && isTextual(reading) ? ', document' : ''
  const rows = `SELECT id, ${keySql} AS key${document}
    FROM ${filmTable(filter, reading)} WHERE ${conditions.join(' AND ')}`
  return run<FilmRow>(pageSql(bind, { rows, sort: key, position, first }), values)
}

interface Highlighted {
  rows: readonly FilmRow[]
  reading: Reading | undefined
  language: FilmQuery['language']
}

/** Asks which words on the page match, so that highlights follow the same stemming as the search. */
async function highlight(
  run: Run,
  { rows, reading, language }: Highlighted,
): Promise<Highlight[][]> {
  if (!reading || rows.length === 0) return rows.map(() => [])
  const words = rows.flatMap(({ document }) => textsOf(document)).flatMap((it) => wordsOf(it))
  const { values, bind } = createBindings()
  const matching = await run<{ word: string }>(
    `SELECT word FROM unnest(${bind([...new Set(words)])}::text[]) AS word
    WHERE to_tsvector('search.stems', word) @@ (${questionSql(bind, [{ forms: allWords(reading), near: [] }])})`,
    values,
  )
  const matched = new Set(matching.map(({ word }) => word))
  return rows.map(({ document }) => highlightsOf(document, language, (word) => matched.has(word)))
}

export async function countFilms(run: Run, query: FilmText): Promise<number> {
  const reading = await readFilmText(run, query)
  const { values, bind } = createBindings()
  const conditions = filmConditions(bind, query.filter)
  const where = [whereSql(conditions), ...(reading ? [matchesSql(bind, reading)] : [])]
  const [row] = await run<{ count: number }>(
    isWholeCatalogue(conditions, { reading })
      ? `SELECT coalesce(sum(films), 0)::int AS count FROM search.facet_films
        WHERE facet_value = 'ALL' AND ${conditions.visible}`
      : `SELECT count(*)::int AS count FROM ${filmTable(query.filter, reading)}
        WHERE ${where.join(' AND ')}`,
    values,
  )
  return row!.count
}
