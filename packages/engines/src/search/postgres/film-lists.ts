import { AppError } from '@cinegraph/kit/errors'
import type { FilmHitPage, FilmQuery, SearchIndex } from '../search-index.js'
import { type Bind, createBindings, type Run } from './connection.js'
import { filmConditions, filmTable, whereSql } from './film-filter.js'
import { orderOf } from './films.js'
import { pageSql } from './page.sql.js'

/** Of one statement: each is a subquery of its own, planned for its own values. */
const MOST_LISTS = 100

interface List extends ReturnType<typeof orderOf> {
  readonly query: FilmQuery
}
interface Row {
  list: number
  id: string
  position: string
}

export async function findLists(
  run: Run,
  queries: readonly FilmQuery[],
): ReturnType<SearchIndex['filmLists']> {
  const opened = queries.map(open)
  const lists = opened.filter(isList)
  const pages = new Map<List, FilmHitPage>()
  for (let from = 0; from < lists.length; from += MOST_LISTS) {
    const some = lists.slice(from, from + MOST_LISTS)
    const rows = Map.groupBy(await read(run, some), ({ list }) => list)
    for (const [index, list] of some.entries()) pages.set(list, pageOf(list, rows.get(index) ?? []))
  }
  return opened.map((it) => (isList(it) ? pages.get(it)! : it))
}

function open(query: FilmQuery): List | AppError {
  try {
    return { query, ...orderOf(query) }
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

const isList = (it: List | AppError): it is List => !(it instanceof AppError)

function read(run: Run, lists: readonly List[]): Promise<Row[]> {
  const { values, bind } = createBindings()
  const pages = lists.map((list, index) => {
    const { direction } = list.key
    return `SELECT ${index} AS list, id, position, row_number() OVER (ORDER BY key ${direction}, id ${direction}) AS place
      FROM (${listSql(bind, list)}) AS page`
  })
  return run(
    `SELECT list, id, position FROM (${pages.join(' UNION ALL ')}) AS pages ORDER BY list, place`,
    values,
  )
}

function listSql(bind: Bind, { query: { filter, first }, key, position }: List): string {
  const rows = `SELECT id, ${key.sql} AS key FROM ${filmTable(filter, undefined)}
    WHERE ${whereSql(filmConditions(bind, filter))}`
  return pageSql(bind, { rows, sort: key, position, first })
}

function pageOf({ query: { first }, positions }: List, rows: readonly Row[]): FilmHitPage {
  const hits = rows.slice(0, first).map(({ id, position: key }) => ({
    ...{ id, highlights: [] },
    cursor: positions.write({ key, id, reading: undefined }),
  }))
  return { hits, hasNextPage: rows.length > first, didYouMean: null }
}
