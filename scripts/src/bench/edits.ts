import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { startAll, stopAll } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { dataOf } from './client.js'
import type { Stage } from './stage.js'
import { median, percentile } from './statistics.js'

/** Milliseconds. */
export interface Spread {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface EditsReport {
  readonly edits: number
  /** How many a second were answered. */
  readonly perSecond: number
  readonly mutation: Spread
  /** The same title by a statement on a plain table, half-way between two mutations. */
  readonly update: Spread
  /** Median of the mutations over that of the statements. */
  readonly ratio: number
  /** From the answer of a mutation to the answer of the first search that found its title. */
  readonly searchable: Spread
  /** Edits that were followed so, one at a time. */
  readonly followed: number
  /** Searches that this took, without a pause: no time is known better than one of them takes. */
  readonly searches: number
  readonly search: Spread
}

interface Title {
  readonly id: string
  readonly version: number
  /** A word that no other film has. */
  readonly title: string
}

interface Times {
  readonly mutations: number[]
  readonly updates: number[]
  readonly searchable: number[]
  readonly searches: number[]
  /** Until the last mutation was answered. */
  tookMs: number
}

export interface EditsRounds {
  readonly perSecond: number
  readonly seconds: number
  /** Before that, not measured. */
  readonly warmUpSeconds: number
}

/** As many editors, each of whom waits for the answer, and one at a time until a search finds the title. */
const AT_ONCE = 8
const GIVE_UP_MS = 120_000
const STOP_MS = 10_000
const UPDATE = `mutation ($id: ID!, $version: Int!, $input: UpdateFilmInput!) {
  updateFilm(id: $id, version: $version, input: $input) { __typename }
}`

/** Gives films of the catalogue new titles through the gateway, as many a second as asked for, or as this machine can. */
export async function measureEdits(
  stage: Stage,
  databaseUrl: string,
  { perSecond, seconds, warmUpSeconds }: EditsRounds,
): Promise<EditsReport> {
  const log = createLogger({ name: 'bench', level: 'error' })
  const postgres = openPostgres({ url: databaseUrl, log })
  const search = openSearchIndex({ url: databaseUrl, postgres, log })
  await startAll([postgres, search])
  try {
    const warmUp = perSecond * warmUpSeconds
    const titles = await openTitles(postgres, warmUp + perSecond * seconds)
    const engines = { stage, postgres, search, perSecond }
    await editAll(titles.slice(0, warmUp), engines)
    const times = await editAll(titles.slice(warmUp), engines)
    await requireEqual(postgres, titles.length)
    return reportOf(times)
  } finally {
    await stopAll([postgres, search], AbortSignal.timeout(STOP_MS))
  }
}

interface EditingEngines {
  readonly stage: Stage
  readonly postgres: Postgres
  readonly search: SearchIndex
  readonly perSecond: number
}

/** Resolves when all were edited, and those that were followed found. */
async function editAll(
  titles: readonly Title[],
  { stage, postgres, search, perSecond }: EditingEngines,
): Promise<Times> {
  const everyMs = 1_000 / perSecond
  const from = performance.now()
  const times: Times = {
    mutations: [],
    updates: [],
    searchable: [],
    searches: [],
    tookMs: 0,
  }
  // one title at a time, or searching would be what is measured
  let following = false
  const edit = async (title: Title) => {
    const sent = performance.now()
    await setTitle(stage, title)
    const answered = performance.now()
    times.mutations.push(answered - sent)
    times.tookMs = answered - from
    if (following) return
    following = true
    await follow(search, title, times)
    following = false
  }
  const update = async (title: Title) => {
    const sent = performance.now()
    await setPlainTitle(postgres, title)
    times.updates.push(performance.now() - sent)
  }
  await Promise.all([
    paced(titles, { from, everyMs }, edit),
    paced(titles, { from: from + everyMs / 2, everyMs }, update),
  ])
  return times
}

const reportOf = (times: Times): EditsReport => ({
  edits: times.mutations.length,
  perSecond: (1_000 * times.mutations.length) / times.tookMs,
  mutation: spreadOf(times.mutations),
  update: spreadOf(times.updates),
  ratio: median(times.mutations) / median(times.updates),
  searchable: spreadOf(times.searchable),
  followed: times.searchable.length,
  searches: times.searches.length,
  search: spreadOf(times.searches),
})

async function setTitle({ gateway, people }: Stage, { id, version, title }: Title): Promise<void> {
  const variables = { id, version, input: { translations: { en: { title } } } }
  const request = { query: UPDATE, variables, token: people.editorToken }
  const { updateFilm } = await dataOf(gateway, request)
  if ((updateFilm as { __typename: string }).__typename === 'Film') return
  throw new Error(`the edit of ${id} was answered with ${JSON.stringify(updateFilm)}`)
}

/** New titles of random films, each film once, and a plain table of the old ones. */
async function openTitles({ pool }: Postgres, count: number): Promise<Title[]> {
  await pool.query(`CREATE TABLE plain_title (film_id uuid PRIMARY KEY, title text)`)
  await pool.query(`INSERT INTO plain_title
    SELECT film_id, title FROM films.film_translation WHERE language = 'en'`)
  const { rows } = await pool.query<{ id: string; version: number }>(
    `SELECT id::text, version FROM films.film ORDER BY random() LIMIT $1`,
    [count],
  )
  if (rows.length < count) throw new Error(`${count} edits need as many films`)
  return rows.map((film) => ({ ...film, title: newWord() }))
}

/** Of letters alone, so that it stays one word wherever it is searched for. */
const newWord = () =>
  `edited${randomBytes(12)
    .toString('hex')
    .replace(/\d/g, (it) => 'ghijklmnop'[Number(it)]!)}`

const setPlainTitle = ({ pool }: Postgres, { id, title }: Title) =>
  pool.query({
    name: 'plain_title',
    text: 'UPDATE plain_title SET title = $2 WHERE film_id = $1',
    values: [id, title],
  })

/** Does `work` of each when it is due, or later while `AT_ONCE` are not done. */
async function paced(
  titles: readonly Title[],
  { from, everyMs }: { from: number; everyMs: number },
  work: (title: Title) => Promise<void>,
): Promise<void> {
  const all = titles.entries()
  const lane = async () => {
    for (const [index, title] of all) {
      await delay(Math.max(0, from + index * everyMs - performance.now()))
      await work(title)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** Searches without a pause until the title is found. */
async function follow(search: SearchIndex, title: Title, times: Times): Promise<void> {
  const from = performance.now()
  for (;;) {
    const began = performance.now()
    const found = await finds(search, title)
    const now = performance.now()
    times.searches.push(now - began)
    if (found) return void times.searchable.push(now - from)
    if (now - from > GIVE_UP_MS) throw new Error(`${title.title} is never found`)
  }
}

async function finds(search: SearchIndex, { id, title }: Title): Promise<boolean> {
  const { hits } = await search.films({
    ...{ text: title, language: 'en', filter: { audiences: ['everyone'] }, first: 1 },
    sort: { field: 'RELEVANCE', direction: 'DESC' },
  })
  return hits[0]?.id === id
}

/** The films have the titles of the plain table. */
async function requireEqual({ pool }: Postgres, edits: number): Promise<void> {
  const { rows } = await pool.query<{ equal: number; edited: number }>(
    `SELECT count(*)::int AS equal, count(*) FILTER (WHERE title LIKE 'edited%')::int AS edited
     FROM plain_title JOIN films.film_translation USING (film_id, title) WHERE language = 'en'`,
  )
  const { rows: all } = await pool.query('SELECT FROM plain_title')
  const [{ equal, edited }] = rows as [{ equal: number; edited: number }]
  if (equal === all.length && edited === edits) return
  throw new Error(
    `of ${edits} edits ${edited} are there; ${equal} of ${all.length} titles are equal`,
  )
}

const spreadOf = (values: readonly number[]): Spread => ({
  p50: median(values),
  p99: percentile(values, 0.99),
  max: percentile(values, 1),
})

export function describeEdits(report: EditsReport): string {
  const row = (name: string, { p50, p99, max }: Spread) =>
    `  ${name.padEnd(44)} ${[`p50`, p50, `p99`, p99, `max`, max]
      .map((it) => (typeof it === 'number' ? `${it.toFixed(2).padStart(9)} ms ` : it))
      .join(' ')}`
  const { edits, perSecond, followed, searches } = report
  return [
    `${edits.toLocaleString('en')} edits, ${perSecond.toFixed(1)} a second`,
    row('UPDATE of a plain table', report.update),
    row('mutation', report.mutation),
    `  ${'ratio of medians'.padEnd(44)} ${report.ratio.toFixed(3)}`,
    row('from its answer until it is found', report.searchable),
    row('a search', report.search),
    `  ${'searches for so many titles'.padEnd(44)} ${searches.toLocaleString('en')} for ${followed.toLocaleString('en')}`,
  ].join('\n')
}
