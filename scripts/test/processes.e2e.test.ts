import { openPostgres } from '@cinegraph/engines/postgres/open'
import { TOPICS } from '@cinegraph/events/topics'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { eventually, until } from '@cinegraph/testkit/until'
import { afterAll, describe, expect, test } from 'vitest'
import type { Part } from './deployment/part.js'
import { sharedEngines } from './deployment/shared-engines.js'
import { startTwins } from './deployment/twins.js'
import { ask, type Request } from './harness.js'
import { CHEAP_PASSWORDS } from './people.js'

const AT_ONCE = 8

const { url: databaseUrl } = await createTestDatabase()
const twins = await startTwins({ databaseUrl, env: { ...CHEAP_PASSWORDS, ...sharedEngines() } })
const { url, gateways, parts, secrets } = twins
const postgres = openPostgres({ url: databaseUrl, log: memoryLog().log })
await postgres.start()
afterAll(() => postgres.stop(AbortSignal.timeout(5_000)))

const data = async (request: Request) => {
  const answer = await ask(url, request)
  if (!answer.data || answer.errors) {
    const logged = parts.flatMap(({ log }) => log.filter(({ level }) => level === 'error'))
    throw new Error(JSON.stringify({ query: request.query, answer, logged }, null, 2))
  }
  return answer.data
}
/** As many at the same time as tell a race. */
const atOnce = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(index)))

const REGISTER = `mutation ($login: String!) {
  register(input: { login: $login, password: "a long way from home" }) {
    __typename
    ... on Session { accessToken }
  }
}`
const register = async (login: string, address = '198.18.0.1') =>
  (await data({ query: REGISTER, variables: { login }, address }))['register'] as {
    __typename: string
    accessToken: string
  }

const LOG_IN = `mutation ($input: LogInInput!) { logIn(input: $input) { accessToken } }`
async function editor(): Promise<string> {
  const input = { login: 'editor', password: secrets.demoPasswords.editor }
  const { logIn } = await data({ query: LOG_IN, variables: { input } })
  return (logIn as { accessToken: string }).accessToken
}

async function createFilm(token: string, title: string) {
  const query = `mutation ($title: String!) {
    createFilm(input: { type: MOVIE, originalLanguage: "en", ageRating: 0, translations: { en: { title: $title } } }) {
      id slug version
    }
  }`
  const { createFilm: film } = await data({ query, variables: { title }, token })
  return film as { id: string; slug: string; version: number }
}

test.each(gateways)('the gateway %s answers a query that needs all subgraphs', async (gateway) => {
  const { accessToken: token } = await register(`alone-${new URL(gateway).port}`)
  const query = '{ me { login } film(slug: "metropolis-1927") { title directors { name } } }'
  expect((await ask(gateway, { query, token })).data).toMatchObject({
    me: { login: expect.stringContaining('alone-') as string },
    film: { title: 'Metropolis', directors: [{ name: 'Fritz Lang' }] },
  })
})

test.each(twins.subgraphs)('$name answers nobody but gateways', async ({ name }) => {
  for (const part of parts.filter(({ root }) => root === `subgraphs/${name}`)) {
    const answer = await ask(part.url, { query: '{ __typename }' })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    expect(answer.data).toBeUndefined()
  }
})

test('one of those who want a login at the same time has it', async () => {
  const outcomes = await atOnce((index) => register('wanted', `198.18.1.${index}`))
  const taken = Array.from({ length: AT_ONCE - 1 }, () => 'LoginTaken')
  expect(outcomes.map((it) => it.__typename).sort()).toEqual([...taken, 'Session'])
})

describe('editors at the same time', () => {
  test('have a slug each for films of one title', async () => {
    const token = await editor()
    const films = await atOnce(() => createFilm(token, 'The same'))
    expect(new Set(films.map(({ slug }) => slug)).size).toBe(AT_ONCE)
  })

  test('change a version once, and the others are told', async () => {
    const token = await editor()
    const { id, version } = await createFilm(token, 'Of many')
    const query = `mutation ($id: ID!, $version: Int!, $title: String!) {
      updateFilm(id: $id, version: $version, input: { translations: { en: { title: $title } } }) {
        __typename
        ... on Film { title }
        ... on FilmConflict { current { title } }
      }
    }`
    const outcomes = await atOnce(async (index) => {
      const variables = { id, version, title: `Of editor ${index}` }
      const { updateFilm } = await data({ query, variables, token })
      return updateFilm as { __typename: string; title?: string; current?: { title: string } }
    })
    const [edited, ...more] = outcomes.filter((it) => it.__typename === 'Film')
    expect(more).toEqual([])
    const titles = outcomes.map(({ title, current }) => title ?? current?.title)
    expect(titles).toEqual(titles.map(() => edited!.title))
  })
})

test('films that are due are published once each', async () => {
  const token = await editor()
  const films = await atOnce((index) => createFilm(token, `Due ${index}`))
  const ids = films.map(({ id }) => id)
  await postgres.prisma.film.updateMany({
    where: { id: { in: ids } },
    data: { status: 'SCHEDULED', publishAt: new Date() },
  })
  const published = () =>
    postgres.prisma.filmAudit.findMany({ where: { filmId: { in: ids }, action: 'PUBLISHED' } })
  await until(async () => (await published()).length >= ids.length)
  expect((await published()).map(({ filmId }) => filmId).sort()).toEqual(ids.toSorted())
})

/** How many partitions an indexer has. */
async function heldBy({ url: indexer }: Part): Promise<number> {
  const metrics = await (await fetch(`${indexer}/metrics`)).text()
  return Number(/^cinegraph_event_log_leases\{group="indexer"\} (\d+)$/m.exec(metrics)?.[1])
}

test('indexers share the partitions, and what is edited is found', async () => {
  await eventually(async () => {
    const indexers = parts.filter(({ root }) => root === 'workers/indexer')
    const [some, others] = await Promise.all(indexers.map(heldBy))
    expect(some! + others!).toBe(TOPICS.reduce((sum, { partitions }) => sum + partitions, 0))
    expect(Math.abs(some! - others!)).toBeLessThanOrEqual(1)
  })
  const token = await editor()
  const films = await atOnce((index) => createFilm(token, `Quibblewick ${index}`))
  const query = '{ searchFilms(text: "quibblewick", first: 50) { edges { node { id } } } }'
  await eventually(async () => {
    const { searchFilms } = await data({ query, token })
    const { edges } = searchFilms as { edges: { node: { id: string } }[] }
    expect(edges.map(({ node }) => node.id).sort()).toEqual(films.map(({ id }) => id).sort())
  })
})

test.skipIf(realServer('redis') === undefined)(
  'wrong passwords are counted over all processes',
  async () => {
    await register('guessed', '198.18.2.1')
    const variables = { input: { login: 'guessed', password: 'not the password' } }
    const codes: unknown[] = []
    for (let attempt = 0; attempt < 6; attempt++) {
      const { errors } = await ask(url, { query: LOG_IN, variables })
      codes.push(errors?.[0]?.extensions['code'])
    }
    const wrong = Array.from({ length: 5 }, () => 'UNAUTHENTICATED')
    expect(codes).toEqual([...wrong, 'RATE_LIMITED'])
  },
)

test('a session that has ended is refused by every gateway, also one that was started anew', async () => {
  const [first, second] = await Promise.all([register('first'), register('second')])
  const expectEnded = async ({ accessToken: token }: { accessToken: string }) => {
    for (const gateway of gateways) {
      const { errors } = await ask(gateway, { query: '{ me { login } }', token })
      expect(errors).toMatchObject([{ message: 'The session has ended.' }])
    }
  }
  const logOut = async (session: { accessToken: string }) => {
    await data({ query: 'mutation { logOut }', token: session.accessToken })
    await eventually(() => expectEnded(session))
  }
  await logOut(first)
  const restart = async (kind: string) => {
    const all = parts.filter(({ root }) => root === kind)
    await Promise.all(all.map((part) => part.end('SIGTERM')))
    await Promise.all(all.map(startAgain))
  }
  await restart('subgraphs/users')
  await logOut(second)
  await restart('gateway')
  for (const session of [first, second]) await expectEnded(session)
}, 300_000)

test('each ends with 0 on SIGTERM', async () => {
  const ended = await Promise.all(parts.map((part) => part.end('SIGTERM')))
  expect(ended).toEqual(parts.map(() => [0, null]))
})

/** Resolves when requests reach it. */
async function startAgain(part: Part): Promise<void> {
  await part.startAgain()
  await until(() => twins.isUp(part))
}
