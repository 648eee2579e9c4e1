import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ownIndexes } from '@cinegraph/engines/search/elasticsearch/own-indexes.contract'
import { postgresPrograms } from '@cinegraph/native/postgres-tools'
import { askServer } from '@cinegraph/testkit/ask-server'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { realServer } from '@cinegraph/testkit/real-server'
import { until } from '@cinegraph/testkit/until'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Film, logIn, publishFilm, refresh, search } from './backed-up.js'
import { Load } from './deployment/load.js'
import { documented, runShell } from './documented.js'
import { startCinegraph } from './harness.js'
import { CHEAP_PASSWORDS, openPeople, PASSWORD, type Person } from './people.js'

// whose event log lies in Postgres, and waits when it is told to
const TARGET = 'in-process'

const RENAME = `mutation ($id: ID!, $version: Int!, $title: String!) {
  updateFilm(id: $id, version: $version, input: { translations: { en: { title: $title } } }) { ... on Film { version } }
}`

/** Columns of rows, in the order of rows. */
async function column(url: string, sql: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<string[]>({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}
const waitingIn = (url: string) => column(url, 'SELECT event_id::text FROM platform.outbox')
const relayedIn = (url: string) => column(url, 'SELECT id::text FROM platform.log_record')

/** Keeps events in the outbox until it is released; reads, and so a backup, go on. */
async function holdEventLog(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('BEGIN; LOCK TABLE platform.log_record IN EXCLUSIVE MODE')
  return { release: () => client.end() }
}

type Cinegraph = Awaited<ReturnType<typeof startCinegraph>>
const elasticsearch = realServer('elasticsearch')
const indexes = ownIndexes(elasticsearch ?? '')

describe.skipIf(realServer('postgres') === undefined)('a backup of a Postgres of one’s own', () => {
  let run: (commands: string, databaseUrl: string) => Promise<string>
  let before: Before
  let after: Person
  let waiting: string[]
  let restored: Cinegraph

  beforeAll(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-backup-'))
    afterAll(() => rm(folder, { recursive: true }))
    const settings = settingsIn(folder)
    run = await commandsWith(settings, folder)
    const [backUp, restore] = await documented('A Postgres of your own', 'sh')

    const cinegraph = await startCinegraph(settings, TARGET)
    const people = await openPeople(cinegraph)
    const film = await publishFilm(cinegraph, people.admin.accessToken, 'Quibblewick')
    before = await underLoad(cinegraph, await people.withPermissions(['films:write']), () =>
      run(backUp!, cinegraph.databaseUrl),
    )
    after = await people.plain()
    await getAhead(cinegraph, people.admin.accessToken, film)

    const { url } = await createTestDatabase({ empty: true })
    await run(restore!, url)
    waiting = await waitingIn(url)
    restored = await startCinegraph({ ...settings, DATABASE_URL: url }, TARGET)
  }, 300_000)

  test('has what was acknowledged before it began', async () => {
    for (const login of before.signedUp) await logIn(restored, login, 'a long way from home')
    const token = await restored.tokenOf('editor')
    for (const { id, version } of before.edited) {
      const query = 'query ($id: ID!) { film(id: $id) { version } }'
      const { film } = await restored.data({ query, variables: { id }, token })
      expect((film as Film).version).toBeGreaterThanOrEqual(version)
    }
  })

  test('has nothing of what was written after it', async () => {
    await expect(logIn(restored, after.login, PASSWORD)).rejects.toThrow('UNAUTHENTICATED')
    expect(await search(restored, 'flumadiddle')).toEqual([])
  })

  test('is searched as it is, although the index was ahead of it', async () => {
    expect(await search(restored, 'quibblewick')).toEqual(['Quibblewick'])
    expect(await search(restored, 'zanzibarski')).toEqual([])
    const checked = await run('npm run --silent reindex -- --check', restored.databaseUrl)
    expect(checked).toContain('The index is what the catalogue is.')
  })

  test('relays what waited in the outbox', async () => {
    expect(waiting.length).toBeGreaterThanOrEqual(before.edited.length)
    await until(async () => (await waitingIn(restored.databaseUrl)).length === 0)
    expect(await relayedIn(restored.databaseUrl)).toEqual(expect.arrayContaining(waiting))
  })

  test('refuses access tokens; sessions and roles go on, until all are ended', async () => {
    const { login, accessToken, refreshToken } = before.person
    await logIn(restored, login, PASSWORD)
    const refused = await restored.ask({ query: '{ me { login } }', token: accessToken })
    expect(refused.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED')
    const session = await refresh(restored, refreshToken)
    await publishFilm(restored, session.accessToken, 'Whangdoodle')

    const [end] = await documented('After a restore', 'sql')
    await askServer(restored.databaseUrl, end!)
    await expect(refresh(restored, session.refreshToken)).rejects.toThrow('UNAUTHENTICATED')
  })
})

/** Of all parts, before and after: the same secrets, and Elasticsearch where there is one. */
function settingsIn(folder: string): Record<string, string> {
  return {
    ...CHEAP_PASSWORDS,
    CINEGRAPH_DATA: path.join(folder, 'data'),
    // whoever signs up comes from somewhere else
    TRUST_PROXY: 'loopback',
    ...(elasticsearch !== undefined && {
      SEARCH_URL: `${elasticsearch}?prefix=${indexes.url.prefix}`,
    }),
  }
}

/** Runs commands as an operator would, with backups in `folder`. */
async function commandsWith(settings: Readonly<Record<string, string>>, folder: string) {
  const { folder: programs, env } = await postgresPrograms()
  const PATH = `${programs}:${process.env['PATH']}`
  return (commands: string, databaseUrl: string) =>
    runShell(commands.replaceAll('/backup', folder), {
      env: { ...settings, ...env, DATABASE_URL: databaseUrl, PATH },
    })
}

/** What was acknowledged before the backup began. */
interface Before {
  readonly person: Person
  readonly signedUp: readonly string[]
  readonly edited: readonly Film[]
}

/** Backs up while people edit and sign up, and nothing leaves the outbox. */
async function underLoad(
  { url, databaseUrl }: Cinegraph,
  person: Person,
  backUp: () => Promise<unknown>,
): Promise<Before> {
  const log = await holdEventLog(databaseUrl)
  const { login, accessToken: editor } = person
  const load = new Load({ url, login, password: PASSWORD, editor })
  await load.start()
  await load.during(async () => {})
  const edited = load.films.map(({ id, acknowledged }) => ({ id, ...acknowledged.at(-1)! }))
  const signedUp = [...load.signedUp]
  await load.during(backUp)
  await load.stop()
  await log.release()
  expect(load.failed).toMatchObject({ edits: [], signUps: [] })
  return { person, signedUp, edited }
}

/** Edits a film and makes another, until searches know. */
async function getAhead(cinegraph: Cinegraph, token: string, film: Film): Promise<void> {
  const variables = { ...film, title: 'Zanzibarski' }
  await cinegraph.data({ query: RENAME, variables, token })
  await publishFilm(cinegraph, token, 'Flumadiddle')
  for (const text of ['zanzibarski', 'flumadiddle']) {
    await until(async () => (await search(cinegraph, text)).length === 1)
  }
}
