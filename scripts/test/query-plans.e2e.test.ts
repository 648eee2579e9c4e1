import { recordStatements, type Statement } from '@cinegraph/embedded/statement-recorder'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { generate } from '../src/bench/catalogue/fill.js'
import { withCatalogueAt } from '../src/catalogue/engines.js'
import { reindex } from '../src/catalogue/reindex.js'
import { type Request, startCinegraph } from './harness.js'

// enough for Postgres to take an index where there is one: before version 17 twenty rows of 1,500 are not
const FILMS = 4_000
const PERSONS = 4_000
/** A table of fewer rows is read whole, and may be. */
const LARGE = 1_000

// answers that are cached send no statements, and those of other processes are not recorded
const cinegraph = await startCinegraph({ CACHE_URL: 'memory:?maxBytes=1' }, 'in-process')
const { databaseUrl } = cinegraph
const { log } = memoryLog()
const postgres: Postgres = openPostgres({ url: databaseUrl, log })
const editor = await cinegraph.tokenOf('editor')

beforeAll(async () => {
  await postgres.start()
  await generate(postgres, FILMS, PERSONS)
  await withCatalogueAt({ url: databaseUrl, log }, (engines) => reindex(engines))
}, 300_000)
afterAll(() => postgres.stop(AbortSignal.timeout(5_000)))

interface Plan {
  readonly 'Node Type': string
  readonly Schema?: string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly Plan[]
}

const SCAN = 'Seq Scan'

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** Large tables that a statement reads from one end to the other, as Postgres plans it for its values. */
async function scannedBy({ text, values }: Statement, client: Pick<Postgres['pool'], 'query'>) {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `EXPLAIN (VERBOSE, FORMAT JSON) ${text}`,
    [...values],
  )
  const [{ Plan: plan }] = rows[0]!['QUERY PLAN']
  const scans = nodesOf(plan).filter((node) => node['Node Type'] === SCAN)
  const tables = scans.map((node) => `${node.Schema}.${node['Relation Name']}`)
  const { rows: large } = await client.query<{ name: string }>(
    `SELECT it AS name FROM unnest($1::text[]) AS it JOIN pg_class ON oid = it::regclass WHERE reltuples >= $2`,
    [[...new Set(tables)], LARGE],
  )
  return large.map(({ name }) => name.replace(/^search_\w+\./, 'search.'))
}

/** What is asked of the catalogue for a request. */
async function statementsOf(request: Request): Promise<Statement[]> {
  const { statements } = await recordStatements(() => cinegraph.data(request))
  const asked = statements.filter(
    ({ text }) =>
      /^\s*(SELECT|WITH)\b/.test(text) && /"?\b(films|people|search_\w+)"?\./.test(text),
  )
  expect(asked).not.toHaveLength(0)
  return asked
}

async function scans(request: Request): Promise<string[]> {
  const found: string[] = []
  for (const statement of await statementsOf(request)) {
    for (const table of await scannedBy(statement, postgres.pool)) {
      found.push(`${table} is read whole by ${statement.text}`)
    }
  }
  return found
}

const FILMS_QUERY = `query ($sort: FilmSort, $filter: FilmFilter, $first: Int! = 20, $after: String) {
  films(sort: $sort, filter: $filter, first: $first, after: $after) { edges { node { id title } } pageInfo { endCursor } }
}`
const films = (variables: object): Request => ({ query: FILMS_QUERY, variables: { ...variables } })
const search = (text: string, variables: object = {}): Request => ({
  query: `query ($text: String!, $filter: FilmFilter) {
    searchFilms(text: $text, filter: $filter) { didYouMean edges { node { id title } highlights { field } } }
  }`,
  variables: { text, ...variables },
})
const one = async (sql: string) => (await postgres.pool.query<{ it: string }>(sql)).rows[0]!.it
const aGenre = () =>
  one('SELECT genre_id::text AS it FROM people.film_genre GROUP BY 1 ORDER BY count(*) LIMIT 1')
const aPerson = () =>
  one('SELECT person_id::text AS it FROM people.credit GROUP BY 1 ORDER BY count(*) DESC LIMIT 1')
const aSeries = () => one('SELECT film_id::text AS it FROM films.season LIMIT 1')

const SORTS = ['RELEASE_DATE', 'TITLE', 'EXTERNAL_RATING'].flatMap((field) =>
  ['ASC', 'DESC'].map((direction) => ({ field, direction })),
)

describe('no large table is read whole', () => {
  it.each(SORTS)('for a list by $field $direction, and its next page', async (sort) => {
    expect(await scans(films({ sort }))).toEqual([])
    const { films: page } = await cinegraph.data(films({ sort }))
    const { endCursor } = (page as { pageInfo: { endCursor: string } }).pageInfo
    expect(await scans(films({ sort, after: endCursor }))).toEqual([])
  })

  it.each<[string, () => Promise<object> | object]>([
    ['a genre', async () => ({ genreIds: [await aGenre()] })],
    ['a type', () => ({ types: ['TV_SHOW'] })],
    ['a country', () => ({ countries: ['NO'] })],
    ['years', () => ({ yearFrom: 1990, yearTo: 1999 })],
    ['ratings', () => ({ ratingFrom: 7 })],
    ['an age', () => ({ ageRatingTo: 12 })],
    ['a person', async () => ({ persons: [{ id: await aPerson() }] })],
  ])('for a list filtered by %s', async (_, filter) => {
    expect(await scans(films({ filter: await filter() }))).toEqual([])
  })

  it('for searches: a word, two, one that is misspelt, a name, and with a genre', async () => {
    const title = await one(
      `SELECT title AS it FROM films.film_translation WHERE title LIKE '% % %' AND language = 'en' LIMIT 1`,
    )
    const name = await one(
      `SELECT name AS it FROM people.person_translation WHERE language = 'en' LIMIT 1`,
    )
    const [word] = title.split(' ') as [string]
    for (const text of [word, title, `${word.slice(0, 3)}w${word.slice(4)}`, name]) {
      expect(await scans(search(text))).toEqual([])
    }
    expect(await scans(search(word, { filter: { genreIds: [await aGenre()] } }))).toEqual([])
  })

  it('for suggestions', async () => {
    const query = `query ($prefix: String!) { suggest(prefix: $prefix) { text } }`
    for (const prefix of ['m', 'mar', 'maro zu']) {
      expect(await scans({ query, variables: { prefix } })).toEqual([])
    }
  })

  it('for counts of the whole catalogue, by facet and by genre', async () => {
    const query = `{ searchFilms(text: "") { totalCount facets { name buckets { value count } } } genres { edges { node { filmCount } } } }`
    expect(await scans({ query })).toEqual([])
  })

  it.each(['id', 'slug'])('for a film by %s, with all that belongs to it', async (by) => {
    const id = await aSeries()
    const key = by === 'id' ? id : await one(`SELECT slug AS it FROM films.film WHERE id = '${id}'`)
    const query = `query ($key: ${by === 'id' ? 'ID' : 'String'}!) { film(${by}: $key) {
      title translations { title } externalIds { value } genres { name } directors { name }
      seasons { title episodes { title } }
      credits(first: 5) { totalCount edges { node { person { name } } } }
    } }`
    expect(await scans({ query, variables: { key } })).toEqual([])
  })

  it.each(['NAME', 'FILM_COUNT', 'RELEVANCE'])('for persons by %s', async (sort) => {
    const query = `query ($sort: PersonSort!) { persons(sort: $sort) { edges { node { name } } } }`
    expect(await scans({ query, variables: { sort } })).toEqual([])
  })

  it('for a person, and the films of one', async () => {
    const query = `query ($id: ID!) { person(id: $id) { name films { edges { node { title } } } } }`
    expect(await scans({ query, variables: { id: await aPerson() } })).toEqual([])
  })

  it('for a page of what is indexed anew', async () => {
    const { statements } = await recordStatements(() =>
      withCatalogueAt({ url: databaseUrl, log }, (engines) => reindex(engines)),
    )
    const pages = statements.filter(({ text }) => /\bindexed_\w+ AS entity\b.* LIMIT /s.test(text))
    // of films and persons there are several
    expect(pages.length).toBeGreaterThan(8)
    for (const page of pages) expect(await scannedBy(page, postgres.pool), page.text).toEqual([])
  })

  it('for the history of a film', async () => {
    const query = `query ($id: ID!) { film(id: $id) { history(first: 5) { totalCount edges { node { action } } } } }`
    const request = { query, variables: { id: await aSeries() }, token: editor }
    expect(await scans(request)).toEqual([])
  })
})

test('a title takes the row of the film and its texts, and nothing else', async () => {
  const request = {
    query: `query ($id: ID!) { film(id: $id) { title } }`,
    variables: { id: await aSeries() },
  }
  const tables = (await statementsOf(request)).map(({ text }) => /FROM "films"."(\w+)"/.exec(text))
  expect(tables.map((it) => it?.[1])).toEqual(['film', 'film_translation'])
})

test('it is told of one that is', async () => {
  const client = await postgres.pool.connect()
  const statements = await statementsOf(
    films({ sort: { field: 'RELEASE_DATE', direction: 'DESC' } }),
  )
  try {
    await client.query('BEGIN')
    const { rows } = await client.query<{ drop: string }>(
      `SELECT 'DROP INDEX ' || schemaname || '.' || indexname AS drop FROM pg_indexes
      WHERE schemaname LIKE 'search_%' AND tablename = 'film_facts' AND indexdef LIKE '%COALESCE(release_date%'`,
    )
    expect(rows).not.toHaveLength(0)
    for (const { drop } of rows) await client.query(drop)
    const scanned = await Promise.all(statements.map((it) => scannedBy(it, client)))
    expect(scanned.flat()).toContain('search.film_facts')
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
})
