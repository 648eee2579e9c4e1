import { openPostgres } from '@cinegraph/engines/postgres/open'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { afterAll, expect, test } from 'vitest'
import { startCinegraph } from './harness.js'

// an answer that is cached waits for nothing
const cinegraph = await startCinegraph({ CACHE_URL: 'memory:?maxBytes=1' })
const postgres = openPostgres({ url: cinegraph.databaseUrl, log: memoryLog().log })
await postgres.start()
afterAll(() => postgres.stop(AbortSignal.timeout(5_000)))

const TEXTS = {
  '10 kB': 'metropolis '.repeat(930),
  '10 kB of one letter': 'щ'.repeat(5_000),
  operators: "metropolis' | !x & (y <-> z):* \"'; DROP SCHEMA search CASCADE; --",
  wildcards: '%_*?m%',
  emoji: '🎬👩‍👩‍👧‍👦🎬',
  'right to left': '\u202Eסרט \u2066فيلم\u2069',
  'a null byte': 'metro\0polis',
  'half of a character': 'metro\uD83Cpolis',
  'unclosed quotation marks': '"'.repeat(199),
  'as long as it may be': 'м%'.repeat(100),
} as const
const FIELDS = {
  films: `films(filter: { countries: [$text], persons: [{ id: $id }] }) { edges { node { id } } }`,
  filmsAfter: `films(after: $text) { edges { node { id } } }`,
  searchFilms: `searchFilms(text: $text) { totalCount edges { node { id } } facets { name } }`,
  suggest: `suggest(prefix: $text) { text }`,
  persons: `persons(text: $text) { totalCount edges { node { id } } }`,
}
const cases = Object.keys(TEXTS).flatMap((name) =>
  Object.keys(FIELDS).map((field) => [name, field] as const),
)

function send(field: keyof typeof FIELDS, text: string) {
  const declared = field === 'films' ? '$text: String!, $id: ID!' : '$text: String!'
  return fetch(`${cinegraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `query (${declared}) { ${FIELDS[field]} }`,
      variables: { text, id: text },
    }),
  })
}

test.each(cases)('%s is an answer or a refusal of %s, and no failure', async (name, field) => {
  const response = await send(field as keyof typeof FIELDS, TEXTS[name as keyof typeof TEXTS])
  expect(response.status).toBe(200)
  const { errors = [] } = (await response.json()) as {
    errors?: { extensions: { code: string } }[]
  }
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(
    errors.map(() => 'BAD_USER_INPUT'),
  )
  expect(cinegraph.log().filter(({ level }) => level === 'error')).toEqual([])
})

/** Keeps every search by text from its answer, as no text can, until `use` is done. */
async function whileSearchesHang(use: () => Promise<void>): Promise<void> {
  const client = await postgres.pool.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.vocabulary', nspname) AS name FROM pg_namespace WHERE nspname LIKE 'search\\_%'`,
    )
    await client.query(`BEGIN; LOCK TABLE ${rows.map(({ name }) => name).join()}`)
    await use()
  } finally {
    client.release(true)
  }
}

async function hangingSearches(): Promise<number> {
  const { rows } = await postgres.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0',
  )
  return rows[0]!.count
}

test('more searches than there are connections hold up no film and no list', async () => {
  let searches: Promise<Response>[] = []
  await whileSearchesHang(async () => {
    searches = Array.from({ length: 50 }, (_, index) =>
      send('searchFilms', `metropolis of ${index} gilded mirrors`),
    )
    await until(async () => (await hangingSearches()) >= 5)
    for (const query of [
      '{ film(slug: "metropolis-1927") { title directors { name } credits(first: 5) { edges { node { person { name } } } } } }',
      '{ films(first: 5, sort: { field: TITLE, direction: ASC }) { edges { node { title } } } }',
      '{ genres(first: 5) { edges { node { name } } } }',
    ]) {
      await cinegraph.data({ query })
    }
    expect(await hangingSearches()).toBeGreaterThanOrEqual(5)
  })
  for (const search of searches) expect((await search).status).toBe(200)
})
