import { openNetwork, type OpenedNetwork } from '@cinegraph/native/open-network'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { realServer } from '@cinegraph/testkit/real-server'
import { eventually } from '@cinegraph/testkit/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCinegraph } from './harness.js'

const toxiproxy = realServer('toxiproxy')
const redis = realServer('redis')
const READERS = 15
// shorter than those of an installation, so that a fault is over soon
const TIMES = { REQUEST_TIMEOUT_MS: '4000', SUBGRAPH_TIMEOUT_MS: '3000' }

const FILM = '{ film(slug: "metropolis-1927") { title directors { name } } }'
const METROPOLIS = { film: { title: 'Metropolis', directors: [{ name: 'Fritz Lang' }] } }
const CREATE = `mutation ($title: String!) {
  createFilm(input: { type: MOVIE, originalLanguage: "en", ageRating: 0, translations: { en: { title: $title } } }) { id }
}`

describe.skipIf(toxiproxy === undefined)('a whole Cinegraph behind a bad network', () => {
  let postgres: OpenedNetwork
  let cache: OpenedNetwork | undefined
  let cinegraph: Awaited<ReturnType<typeof startCinegraph>>
  beforeAll(async () => {
    const { url } = await createTestDatabase()
    postgres = await openNetwork({ toxiproxy: toxiproxy!, server: url })
    if (redis !== undefined) cache = await openNetwork({ toxiproxy: toxiproxy!, server: redis })
    const env = {
      ...{ DATABASE_URL: postgres.url, ...TIMES },
      ...(cache && { CACHE_URL: `${cache.url}?prefix=${new URL(url).pathname.slice(1)}` }),
    }
    // all over one network
    cinegraph = await startCinegraph(env, 'in-process')
  })
  // after Cinegraph has ended
  afterAll(async () => {
    await postgres.close()
    await cache?.close()
  })

  const readyStatus = async () => (await fetch(`${cinegraph.url}/readyz`)).status
  /** Past all caches. */
  const asEditor = async (token: string) => cinegraph.ask({ query: FILM, token })

  const ways = ['cut', 'swallow'] as const
  test.each(ways)(
    'with a %s to Postgres: answers each request in words, and recovers by itself',
    async (way) => {
      const token = await cinegraph.tokenOf('editor')
      expect((await asEditor(token)).data).toEqual(METROPOLIS)
      await postgres[way]()
      const answers = await Promise.all(Array.from({ length: READERS }, () => asEditor(token)))
      for (const { errors } of answers) {
        expect(errors).not.toHaveLength(0)
        for (const { message, extensions } of errors!) {
          expect(extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true })
          expect(message).not.toMatch(/postgres|127\.0\.0\.1|ECONN/i)
        }
      }
      expect(await readyStatus()).toBe(503)
      await postgres.mend()
      await eventually(async () => expect((await asEditor(token)).data).toEqual(METROPOLIS))
      await eventually(async () => expect(await readyStatus()).toBe(200))
    },
    120_000,
  )

  test('that fails again and again: what was acknowledged is there once, and is found', async () => {
    const token = await cinegraph.tokenOf('editor')
    const acknowledged: string[] = []
    let refused = 0
    for (const [round, way] of [...ways, ...ways].entries()) {
      const titles = Array.from({ length: 6 }, (_, index) => `Outlasted ${round} ${index}`)
      const created = titles.map((title, index) => async () => {
        if (index === 2) await postgres[way]()
        if (index === 4) await postgres.mend()
        const { data } = await cinegraph.ask({ query: CREATE, variables: { title }, token })
        if (data?.['createFilm']) acknowledged.push(title)
        else refused += 1
      })
      for (const create of created) await create()
    }
    // or there was no fault, or no recovery
    expect(refused).toBeGreaterThan(0)
    expect(acknowledged.length).toBeGreaterThan(ways.length * 4)
    await eventually(async () => {
      const { films } = (await cinegraph.data({
        query: `{ films: searchFilms(text: "outlasted", first: 100, filter: { statuses: [DRAFT] }) { edges { node { title } } } }`,
        token,
      })) as { films: { edges: { node: { title: string } }[] } }
      const found = films.edges.map(({ node }) => node.title)
      expect(new Set(found).size).toBe(found.length)
      expect(found).toEqual(expect.arrayContaining(acknowledged))
    })
  }, 180_000)

  test.skipIf(redis === undefined)(
    'with none to Redis: goes on as if it had never been',
    async () => {
      for (const way of ways) {
        await cache![way]()
        for (let reader = 0; reader < READERS; reader++) {
          expect(await cinegraph.data({ query: FILM })).toEqual(METROPOLIS)
        }
        expect(await readyStatus()).toBe(200)
        await cache!.mend()
      }
    },
    60_000,
  )
})
