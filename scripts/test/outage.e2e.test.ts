import { createServer } from 'node:net'
import { once } from 'node:events'
import { beforeAll, describe, expect, test } from 'vitest'
import { startCinegraph } from './harness.js'

describe('with the people subgraph down', () => {
  let cinegraph: Awaited<ReturnType<typeof startCinegraph>>
  beforeAll(async () => {
    cinegraph = await startCinegraph({ SUBGRAPH_URLS: `people=${await urlOfNobody()}` })
  })

  test('a film answers with null for what people owns, and a coded error for each field', async () => {
    const { data, errors } = await cinegraph.ask({
      query: `{ film(slug: "metropolis-1927") { title who: credits(first: 1) { edges { node { id } } } genres { name } } }`,
    })
    expect(data).toEqual({ film: { title: 'Metropolis', who: null, genres: null } })
    expect(errors?.map((it) => it.path)).toContainEqual(['film', 'who'])
    for (const { message, extensions } of errors!) {
      expect(extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true })
      expect(message).not.toMatch(/people|127\.0\.0\.1|ECONN/)
    }
  })

  test('lists and searches of films go on', async () => {
    const { data, errors } = await cinegraph.ask({
      query: '{ searchFilms(text: "metropolis") { edges { node { title } } } }',
    })
    expect(errors).toBeUndefined()
    expect(data).toEqual({ searchFilms: { edges: [{ node: { title: 'Metropolis' } }] } })
  })

  test('the gateway stays ready', async () => {
    const { status } = await fetch(`${cinegraph.url}/readyz`)
    expect(status).toBe(200)
  })
})

/** A URL at which nothing listens. */
async function urlOfNobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}/graphql`
}
