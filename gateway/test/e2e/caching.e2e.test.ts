import { describe, expect, it } from 'vitest'
import { startCached, type TransportName } from '../harness/cached-subgraphs.js'
import { type Answer, startToys } from '../harness/gateway.js'
import { startTokenIssuer } from '../harness/token-issuer.js'
import { answers, type Fault } from '../harness/toy-server.js'

const cacheControl = ({ headers }: { headers: Headers }) => headers.get('cache-control')
const TITLE = '{ show { title } }'

describe.each<TransportName>(['in process', 'over HTTP'])('with subgraphs %s', (transport) => {
  it.each([
    ['what its type says', TITLE, 'public, max-age=60'],
    ['what its type says, when nothing was found', '{ noShow { title } }', 'public, max-age=60'],
    ['the shortest of its fields', '{ show { title likes } }', 'public, max-age=5'],
    ['the shortest of its subgraphs', '{ show { title seats } }', 'public, max-age=20'],
    ['the shortest of its root fields', '{ halls show { title } }', 'public, max-age=60'],
    ['no time with a private field', '{ show { title note } }', 'no-store'],
    ['no time with a private field of another subgraph', '{ show { title mySeat } }', 'no-store'],
    ['no time with a field that says nothing', '{ count show { title } }', 'no-store'],
    ['no time with an error', '{ show { title torn } }', 'no-store'],
    ['no time without a field that nobody may have', '{ show { title budget } }', 'no-store'],
    ['no time as a mutation', 'mutation { rename { title } }', 'no-store'],
    ['no time when no subgraph was asked', '{ __typename }', 'no-store'],
    ['no time when it sets a cookie', '{ stamp }', 'no-store'],
  ])('an answer is kept for %s', async (_name, query, expected) => {
    const { post } = await startCached(transport, { tokens: await startTokenIssuer() })
    const answer = await post(query)
    expect(answer.data).toBeDefined()
    expect(cacheControl(answer)).toBe(expected)
  })

  it('an operation of which nothing may be executed is not kept', async () => {
    const { post } = await startCached(transport, { unauthorizedFields: 'reject' })
    expect(cacheControl(await post('{ show { title budget } }'))).toBe('no-store')
  })
})

describe('an answer that caches may keep for anyone', () => {
  it('is not for those who say who they are', async () => {
    const tokens = await startTokenIssuer()
    const { post } = await startCached('in process', { tokens })
    const answer = await post(TITLE)
    expect(cacheControl(answer)).toBe('public, max-age=60')
    const vary = answer.headers.get('vary')?.toLowerCase().split(', ')
    expect(vary).toEqual(['origin', 'accept', 'authorization', 'cookie'])
  })

  it('is for one client alone when the request says whose it is', async () => {
    const tokens = await startTokenIssuer()
    const { post } = await startCached('in process', { tokens })
    const authorization = `Bearer ${await tokens.token()}`
    for (const headers of [{ authorization }, { cookie: 'access=' }, { cookie: 'tracker=1' }]) {
      const answer = await post(TITLE, { headers })
      expect(answer.data).toEqual({ show: { title: 'Metropolis' } })
      expect(cacheControl(answer)).toBe('no-store')
    }
    const guarded = await post('{ show { budget } }', { headers: { authorization } })
    expect(guarded.data).toEqual({ show: { budget: 5_000_000 } })
    expect(cacheControl(guarded)).toBe('no-store')
  })

  it('is for one client alone when it brings a token that nobody looks at', async () => {
    const { post } = await startCached('in process')
    const headers = { authorization: 'Bearer unread' }
    expect(cacheControl(await post(TITLE, { headers }))).toBe('no-store')
  })

  it('is the same over GET', async () => {
    const { gateway } = await startCached('in process')
    const get = (query: string, more: Record<string, string> = {}) =>
      fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { 'apollo-require-preflight': '1', ...more },
      })
    expect(cacheControl(await get(TITLE))).toBe('public, max-age=60')
    expect(cacheControl(await get(TITLE, { cookie: 'access=' }))).toBe('no-store')
    expect(cacheControl(await get('mutation { rename { title } }'))).toBe('no-store')
  })
})

it.each([
  ['does not parse', '{ show'],
  ['does not validate', '{ nothing }'],
  ['asks too much', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: halls`).join(' ')} }`],
])('an operation that %s is not kept', async (_name, query) => {
  const { post } = await startCached('in process')
  const answer = await post(query)
  expect(answer.status).toBe(400)
  expect(cacheControl(answer)).toBe('no-store')
})

describe('of any subgraph', () => {
  const saying =
    (value: string, fault?: Fault): Fault =>
    (response, answer) => {
      response.setHeader('cache-control', value)
      return fault ? fault(response, answer) : answer()
    }
  const PAGE = '{ films(first: 1) { title likes } }'
  const ask = async (films: Fault | undefined, people: Fault | undefined): Promise<Answer> => {
    const { post, subgraphs } = await startToys()
    subgraphs.films.script(films)
    subgraphs.people.script(people)
    return post(PAGE)
  }
  const good = saying('public, max-age=60')

  it('the shortest time counts', async () => {
    const { errors, ...answer } = await ask(good, saying('max-age=7, public'))
    expect(errors).toEqual([])
    expect(cacheControl(answer)).toBe('public, max-age=7')
  })

  it.each<[string, Fault | undefined, number]>([
    ['says nothing', undefined, 0],
    ['answers for one viewer', saying('private, max-age=60'), 0],
    ['answers for now', saying('no-store'), 0],
    ['fails', saying('public, max-age=60', answers.text(500, '{}')), 1],
    ['answers nonsense', saying('public, max-age=60', answers.text(200, '{')), 1],
    [
      'answers with an error',
      saying(
        'public, max-age=60',
        answers.text(200, '{"data":{"_entities":[{"likes":null}]},"errors":[{"message":"no"}]}'),
      ),
      1,
    ],
  ])('one that %s keeps the others from being cached', async (_name, fault, errorCount) => {
    const answer = await ask(good, fault)
    expect(answer.data).toMatchObject({ films: [{ title: 'Film 1' }] })
    expect(answer.errors).toHaveLength(errorCount)
    expect(cacheControl(answer)).toBe('no-store')
  })
})
