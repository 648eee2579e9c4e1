import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { buildSchema } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '../src/catalogue/random.js'
import { stableId } from '../src/catalogue/stable-id.js'
import { ROOT } from '../src/paths.js'
import type { Operation, Values } from './authorization/operation-for.js'
import { randomQuery } from './caching/random-operation.js'
import { createSharedCache, type HttpRequest, send } from './caching/shared-cache.js'
import { copyFilm } from './film-copies.js'
import { startCinegraph } from './harness.js'
import { CHEAP_PASSWORDS, openPeople } from './people.js'

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1)
const OPERATIONS_PER_SEED = 12
/** Everybody gets it without an error, and a subscriber more of it than others. */
const ALL_FILMS = { query: '{ films(first: 100) { edges { node { slug } } } }', variables: {} }
const ACCESS_COOKIE = '__Host-cinegraph-access'

const DRAFT = { slug: 'unreleased-film', title: 'Zyxwvut Unreleased' }
const PREMIERE = { slug: 'premiere-film', title: 'Qponmlk Premiere' }
const OPEN = 'metropolis-1927'
const idOf = (slug: string) => stableId('film', slug)
const FILMS = [DRAFT.slug, PREMIERE.slug, OPEN]

const schema = buildSchema(await readFile(path.join(ROOT, 'gateway/api-schema.graphql'), 'utf8'))
const cinegraph = await startCinegraph(CHEAP_PASSWORDS)
const people = await openPeople(cinegraph)

type Headers = Readonly<Record<string, string>>

/** By who asks: how they say so. */
let viewers: Readonly<Record<string, Headers>>
/** What somebody who is not logged in may not learn. */
let secrets: readonly string[]
/** Arguments by root field that lead to what not everybody sees. */
let values: Readonly<Record<string, readonly Values[]>>

beforeAll(async () => {
  await copyFilm(cinegraph, OPEN, [
    { ...DRAFT, state: { status: 'DRAFT' } },
    { ...PREMIERE, state: { requiredRole: 'subscriber', hiddenWithoutRole: true } },
  ])
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const user = await people.plain()
  const subscriber = await people.withRole('subscriber')
  viewers = {
    nobody: {},
    'nobody else': { 'user-agent': 'another' },
    'a user': bearer(user.accessToken),
    'a subscriber in a browser': { cookie: `${ACCESS_COOKIE}=${subscriber.accessToken}` },
    'an editor': bearer((await people.withRole('editor')).accessToken),
    'an admin': bearer(people.admin.accessToken),
  }
  secrets = [
    ...[DRAFT, PREMIERE].flatMap(({ slug, title }) => [slug, title, idOf(slug)]),
    ...[user, subscriber, people.admin].flatMap(({ id, login }) => [id, login]),
  ]
  values = {
    film: FILMS.flatMap((slug) => [{ slug }, { id: idOf(slug) }]),
    films: [{}, { filter: { yearFrom: 1927, yearTo: 1927 } }, { sort: { field: 'TITLE' } }],
    searchFilms: [DRAFT.title, PREMIERE.title, 'Metropolis', ''].map((text) => ({ text })),
    suggest: ['Zyxw', 'Qpon', 'Metro', 'Fritz'].map((prefix) => ({ prefix })),
    recommendedFilms: [{}, ...FILMS.map((slug) => ({ basedOn: [idOf(slug)] }))],
    person: [{ slug: 'fritz-lang' }],
    genre: [{ slug: 'drama' }],
    user: [{ id: user.id }, { id: people.admin.id }],
  }
})

/** The same operation as a request of a viewer; over GET where `asGet`. */
function requestFor({ query, variables }: Operation, viewer: Headers, asGet: boolean): HttpRequest {
  const url = `${cinegraph.url}/graphql`
  const headers = { 'content-type': 'application/json', ...viewer }
  if (!asGet) {
    return { method: 'POST', url, headers, body: JSON.stringify({ query, variables }) }
  }
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) })
  return { method: 'GET', url: `${url}?${search.toString()}`, headers }
}

/** Each request has its own id, which errors tell. */
const comparable = (body: string) => body.replace(/"requestId":"[^"]+"/g, '"requestId":""')

describe.each(SEEDS)('operations made of the seed %i', (seed) => {
  test('are answered to everybody as if there was no cache between', async () => {
    const random = createRandom(seed)
    const cache = createSharedCache()
    const seen = { hits: 0, guarded: 0 }

    async function askAll(operation: Operation, asGet: boolean): Promise<void> {
      const requests = Object.entries(viewers)
        .map(([who, headers]) => ({
          who,
          request: requestFor(operation, headers, asGet),
          at: random.next(),
        }))
        .sort((a, b) => a.at - b.at)
      const own = new Map<string, string>()
      for (const { who, request } of requests) own.set(who, comparable((await send(request)).body))
      for (const { who, request } of requests) {
        const { body, cacheControl, fromCache } = await cache.ask(request)
        expect(comparable(body), `${who}: ${operation.query}`).toBe(own.get(who))
        if (!who.startsWith('nobody')) expect([who, cacheControl]).toEqual([who, 'no-store'])
        if (!fromCache) continue
        seen.hits += 1
        // but for `Vary` it would have been given to somebody who has another answer
        if ([...own.values()].some((it) => it !== comparable(body))) seen.guarded += 1
      }
    }

    await askAll(ALL_FILMS, true)
    for (let index = 0; index < OPERATIONS_PER_SEED; index += 1) {
      await askAll(randomQuery(schema, values, random), index % 2 === 0)
    }
    const stored = cache.stored()
    for (const secret of secrets) {
      expect(stored.filter((body) => body.includes(secret))).toEqual([])
    }
    expect(seen.hits).toBeGreaterThan(0)
    expect(seen.guarded).toBeGreaterThan(0)
  })
})
