import type { NameQuery, SearchIndex } from '../search-index.js'
import { createBindings, type Run } from './connection.js'
import { createPositions, pageSql, type SortKey } from './position.js'
import { readText } from './reading.js'
import { matchesSql, scoreSql } from './relevance.js'

const read = (run: Run, text: string) =>
  readText(run, text, { table: 'search.persons', visible: () => 'live' })

export async function findPersons(run: Run, query: NameQuery): ReturnType<SearchIndex['persons']> {
  const { text = '', language, sort, first, after } = query
  const byName = sort === 'NAME' || text.trim() === ''
  const { type, direction }: Omit<SortKey, 'sql'> = byName
    ? { type: 'text', direction: 'ASC' }
    : { type: 'numeric', direction: 'DESC' }
  const positions = createPositions({
    list: ['persons', text.trim(), language, sort],
    type,
    searched: text.trim() !== '',
  })
  const position = after === undefined ? undefined : positions.read(after)
  const reading = position ? position.reading : await read(run, text)
  const { values, bind } = createBindings()
  const sql =
    byName || !reading
      ? `left(name_${language}, 200)`
      : scoreSql(bind, reading, { words: 'words', bonus: '0' })
  const matches = reading ? matchesSql(bind, reading) : 'true'
  const rows = `SELECT id, ${sql} AS key FROM search.persons WHERE live AND ${matches}`
  const found = await run<{ id: string; position: string }>(
    pageSql(bind, { rows, sort: { sql, type, direction }, position, first }),
    values,
  )
  const hits = found
    .slice(0, first)
    .map(({ id, position: key }) => ({ id, cursor: positions.write({ key, id, reading }) }))
  return { hits, hasNextPage: found.length > first }
}

export async function countPersons(run: Run, text = ''): Promise<number> {
  const reading = await read(run, text)
  const { values, bind } = createBindings()
  const [row] = await run<{ count: number }>(
    `SELECT count(*)::int AS count FROM search.persons
    WHERE live AND ${reading ? matchesSql(bind, reading) : 'true'}`,
    values,
  )
  return row!.count
}
