import { createPositions } from '../position.js'
import { readText } from '../reading/read-text.js'
import type { Reading } from '../reading/reading.js'
import type { NameQuery, SearchIndex } from '../search-index.js'
import { type Bind, createBindings, type Run } from './connection.js'
import { corpusOf } from './corpus.js'
import { pageSql, type SortKey } from './page.sql.js'
import { matchesSql, scoreSql } from './relevance.js'

const EVERYONE = 'everyone'

const read = (run: Run, text: string) =>
  readText(text, corpusOf(run, { table: 'search.persons', visible: () => 'live' }))

type Order = Omit<SortKey, 'sql'>
const ORDERS: Readonly<Record<NameQuery['sort'], Order>> = {
  NAME: { type: 'text', direction: 'ASC' },
  RELEVANCE: { type: 'numeric', direction: 'DESC' },
  FILM_COUNT: { type: 'int4', direction: 'DESC' },
}

export async function findPersons(run: Run, query: NameQuery): ReturnType<SearchIndex['persons']> {
  const { text = '', language, first, after } = query
  const sort = query.sort === 'RELEVANCE' && text.trim() === '' ? 'NAME' : query.sort
  const order = ORDERS[sort]
  const positions = createPositions({
    list: ['persons', text.trim(), language, query.sort],
    type: order.type,
    searched: text.trim() !== '',
  })
  const position = after === undefined ? undefined : positions.read(after)
  const reading = position ? position.reading : await read(run, text)
  const audiences = sort === 'FILM_COUNT' ? await countedAudiences(run, query.audiences ?? []) : []
  const { values, bind } = createBindings()
  const key = keyOf(bind, { sort, language, reading, audiences })
  const rows = `SELECT id, ${key.sql} AS key FROM ${key.from} WHERE live AND ${reading ? matchesSql(bind, reading) : 'true'}`
  const found = await run<{ id: string; position: string }>(
    pageSql(bind, { rows, sort: { ...order, sql: key.sql }, position, first }),
    values,
  )
  const hits = found
    .slice(0, first)
    .map(({ id, position: key }) => ({ id, cursor: positions.write({ key, id, reading }) }))
  return { hits, hasNextPage: found.length > first }
}

interface Sorted extends Pick<NameQuery, 'sort' | 'language'> {
  reading: Reading | undefined
  audiences: readonly string[]
}

function keyOf(bind: Bind, { sort, language, reading, audiences }: Sorted) {
  const from = 'search.persons'
  if (sort === 'FILM_COUNT') {
    return { sql: 'films', from: `${from} JOIN ${numbersSql(bind, audiences)} ON person_id = id` }
  }
  if (sort === 'RELEVANCE' && reading) {
    return { sql: scoreSql(bind, reading, { words: 'words', bonus: '0' }), from }
  }
  return { sql: `left(name_${language}, 200)`, from }
}

/** Number of films by person, nobody left out. Most viewers need no more than everyone's, which are in the order of an index. */
function numbersSql(bind: Bind, audiences: readonly string[]): string {
  if (audiences.length === 1 && audiences[0] === EVERYONE) {
    return `(SELECT person_id, films FROM search.person_films WHERE audience = '${EVERYONE}') AS numbers`
  }
  return `(SELECT person_id, coalesce(sum(films) FILTER (WHERE audience = ANY(${bind(audiences)}::text[])), 0)::int AS films
    FROM search.person_films GROUP BY person_id) AS numbers`
}

/** Those of the audiences that have films with persons. */
async function countedAudiences(run: Run, audiences: readonly string[]): Promise<string[]> {
  const rows = await run<{ audience: string }>(
    `SELECT given AS audience FROM unnest($1::text[]) AS given,
      -- in the order of an index, where the first tells
      LATERAL (SELECT FROM search.person_films WHERE audience = given AND films > 0 ORDER BY films DESC LIMIT 1) AS counted`,
    [audiences],
  )
  return rows.map(({ audience }) => audience)
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
