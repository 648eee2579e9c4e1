import { randomUUID } from 'node:crypto'
import { openEventLog } from '@cinegraph/engines/event-log/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { TOPICS } from '@cinegraph/events/topics'
import { startAll, stopAll } from '@cinegraph/kit/lifecycle'
import { CinegraphError } from '@cinegraph/sdk'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { eventually } from '@cinegraph/testkit/until'
import { afterAll, expect, test } from 'vitest'
import { type EditedFilm, Load } from './deployment/load.js'
import type { Part } from './deployment/part.js'
import { sharedEngines } from './deployment/shared-engines.js'
import { startTwins } from './deployment/twins.js'
import { ask } from './harness.js'
import { CHEAP_PASSWORDS } from './people.js'

const { url: databaseUrl } = await createTestDatabase()
const engines = sharedEngines()
const twins = await startTwins({ databaseUrl, env: { ...CHEAP_PASSWORDS, ...engines } })
const { url, parts, secrets } = twins
const { log } = memoryLog()
const postgres = openPostgres({ url: databaseUrl, log })
const eventLog = openEventLog({
  ...{ url: engines['EVENT_LOG_URL'] ?? databaseUrl, postgres, topics: TOPICS, log },
})
/** Versions that events tell of, by film. */
const told = new Map<string, Set<number>>()
const auditor = eventLog.consume({
  ...{ group: `auditor-${randomUUID()}`, topics: TOPICS.map(({ name }) => name) },
  async handle({ records }) {
    for (const { key, value } of records) {
      const { version } = JSON.parse(value) as { version: number }
      told.set(key, (told.get(key) ?? new Set()).add(version))
    }
  },
})
const services = [postgres, eventLog, auditor]
await startAll(services)
afterAll(() => stopAll(services, AbortSignal.timeout(10_000)))

// each of many processes starts anew: a minute here, and as long as it takes where others work as well
const NO_HURRY_MS = 1_800_000

const firsts = parts.filter((_, index) => index % 2 === 0)
const seconds = parts.filter((_, index) => index % 2 === 1)

/** Runs `work` while people read and write; what became of all that they did. */
async function underLoad(work: (load: Load) => Promise<void>): Promise<Load> {
  const password = secrets.demoPasswords.viewer
  const load = new Load({ url, login: 'viewer', password, editor: await logIn('editor') })
  await load.start()
  await load.during(async () => {})
  await work(load)
  await load.stop()
  return load
}

async function logIn(login: 'editor'): Promise<string> {
  const query = `mutation ($input: LogInInput!) { logIn(input: $input) { accessToken } }`
  const variables = { input: { login, password: secrets.demoPasswords[login] } }
  const { data } = await ask(url, { query, variables })
  return (data as { logIn: { accessToken: string } }).logIn.accessToken
}

test(
  'one of each process is killed under load: no read fails, and no acknowledged write is lost',
  async () => {
    const load = await underLoad(async (load) => {
      for (const part of firsts) {
        const ended = await load.during(() => part.end('SIGKILL'))
        expect([part.root, ...ended]).toEqual([part.root, null, 'SIGKILL'])
        await load.during(() => startAgain(part))
      }
    })
    expect(explained(load.failedReads)).toEqual([])
    await expectKept(load)
  },
  NO_HURRY_MS,
)

test(
  'all processes are replaced under load, one after the other: nothing fails at all',
  async () => {
    const load = await underLoad(async (load) => {
      for (const part of [...firsts, ...seconds]) {
        const ended = await load.during(() => part.end('SIGTERM'))
        expect([part.root, ...ended]).toEqual([part.root, 0, null])
        await load.during(() => startAgain(part))
      }
    })
    expect(explained(load.failedReads)).toEqual([])
    expect(explained(load.failedWrites)).toEqual([])
    await expectKept(load)
  },
  NO_HURRY_MS,
)

test('no process failed by itself', () => {
  const failures = parts.flatMap(({ log }) => log.filter(({ level }) => level === 'fatal'))
  expect(failures).toEqual([])
})

/** With what the processes have logged of the same request. */
const explained = (errors: readonly unknown[]) =>
  errors.map((error) => {
    const id = error instanceof CinegraphError ? error.requestId : undefined
    const logged = parts.flatMap(({ root, log }) =>
      log.filter(({ requestId }) => id !== undefined && requestId === id).map((it) => [root, it]),
    )
    return { error: String(error), logged }
  })

/** Resolves when its balancer knows it again as well. */
async function startAgain(part: Part): Promise<void> {
  await part.startAgain()
  await eventually(() => expect(twins.isUp(part)).toBe(true))
}

async function expectKept({ films, signedUp }: Load): Promise<void> {
  expect(signedUp.length).toBeGreaterThan(0)
  const logins = await postgres.pool.query<{ login: string }>(
    'SELECT login FROM users."user" WHERE login = ANY ($1) ORDER BY login',
    [signedUp],
  )
  expect(logins.rows.map(({ login }) => login)).toEqual(signedUp.toSorted())
  for (const film of films) await expectEdited(film)
  await eventually(async () => {
    const { rows } = await postgres.pool.query('SELECT * FROM platform.outbox')
    expect(rows).toEqual([])
  })
}

/** Every version is in the audit, the events and the row; each acknowledged title under its own, others at most once. */
async function expectEdited({ id, acknowledged, unanswered }: EditedFilm): Promise<void> {
  const { rows } = await postgres.pool.query<{ version: number; changes: unknown }>(
    'SELECT version, changes FROM films.film_audit WHERE film_id = $1 ORDER BY version',
    [id],
  )
  const last = rows.length
  expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1))
  expect(acknowledged.length).toBeGreaterThan(2)
  const versionsWith = (title: string) =>
    rows.filter(({ changes }) => afterOf(changes).includes(title)).map(({ version }) => version)
  for (const { version, title } of acknowledged) expect(versionsWith(title)).toEqual([version])
  const written = unanswered.flatMap((title) => versionsWith(title))
  expect(new Set(written).size).toBe(written.length)
  expect(acknowledged.length + written.length).toBe(last)
  const film = await postgres.prisma.film.findUniqueOrThrow({ where: { id } })
  expect(film.version).toBe(last)
  const title = [...acknowledged.map((it) => it.title), ...unanswered].find((it) =>
    versionsWith(it).includes(last),
  )!
  await eventually(async () => {
    expect([...(told.get(id) ?? [])].toSorted((a, b) => a - b)).toEqual(
      rows.map(({ version }) => version),
    )
    expect(await found(title)).toEqual([id])
  })
}

/** What is there after an edit, without what was there before. */
const afterOf = (changes: unknown) =>
  JSON.stringify((changes as { after: unknown }[]).map(({ after }) => after))

/** Ids of films, as an editor finds them. */
async function found(text: string): Promise<string[]> {
  const query = `query ($text: String!) { searchFilms(text: $text) { edges { node { id } } } }`
  const { data } = await ask(url, { query, variables: { text }, token: await logIn('editor') })
  const { edges } = data!['searchFilms'] as { edges: { node: { id: string } }[] }
  return edges.map(({ node }) => node.id)
}
