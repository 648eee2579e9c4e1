import { openPostgres } from '@cinegraph/engines/postgres/open'
import { memoryLog } from '@cinegraph/testkit/log'
import { until } from '@cinegraph/testkit/until'
import { afterAll, expect, test } from 'vitest'
import { type Answer, startCinegraph } from './harness.js'

// an answer that is cached waits for nothing, and Elasticsearch not for Postgres
const cinegraph = await startCinegraph({ CACHE_URL: 'memory:?maxBytes=1' }, 'in-process')
const postgres = openPostgres({ url: cinegraph.databaseUrl, log: memoryLog().log })
await postgres.start()
afterAll(() => postgres.stop(AbortSignal.timeout(5_000)))

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
    `SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
  )
  return rows[0]!.count
}

test('more searches than there are connections hold up no film and no list', async () => {
  let searches: Promise<Answer>[] = []
  await whileSearchesHang(async () => {
    searches = Array.from({ length: 50 }, (_, index) =>
      cinegraph.ask({
        query: 'query ($text: String!) { searchFilms(text: $text) { edges { node { id } } } }',
        variables: { text: `metropolis of ${index} gilded mirrors` },
      }),
    )
    await until(async () => (await hangingSearches()) >= 5)
    for (const query of [
      '{ film(slug: "metropolis-1927") { title directors { name } similar(first: 3) { edges { node { title } } } credits(first: 5) { edges { node { person { name } } } } } }',
      '{ films(first: 5, sort: { field: TITLE, direction: ASC }) { totalCount edges { node { title } } } }',
      '{ genres(first: 5) { edges { node { name } } } }',
    ]) {
      await cinegraph.data({ query })
    }
    expect(await hangingSearches()).toBeGreaterThanOrEqual(5)
  })
  const answers = await Promise.all(searches)
  // who waited for too long is refused
  const codes = answers.flatMap(({ errors = [] }) => errors.map((it) => it.extensions['code']))
  expect(codes.filter((code) => code !== 'SERVICE_UNAVAILABLE')).toEqual([])
  expect(codes.length).toBeLessThan(searches.length)
})
