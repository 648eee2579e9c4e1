import { serverAudits } from 'graphql-http'
import { describe, expect, it } from 'vitest'
import { startToys } from '../harness/gateway.js'

const JSON_BODY = { 'content-type': 'application/json' }
const QUERY = JSON.stringify({ query: '{ films { id } }' })

async function start(...options: Parameters<typeof startToys>) {
  const { gateway, subgraphs } = await startToys(...options)
  const send = (init: RequestInit & { search?: string }) =>
    fetch(`${gateway.url}/graphql${init.search ?? ''}`, init)
  return { send, url: `${gateway.url}/graphql`, subgraphs }
}

describe('GraphQL over HTTP', () => {
  // A client that takes application/json learns of a request that was never executed from its status as well,
  // as Apollo Server does it: clients, proxies and metrics see what went wrong without reading the body.
  const DELIBERATE = [
    'SHOULD use 200 status code on document parsing failure when accepting application/json',
    'SHOULD use 200 status code on document validation failure when accepting application/json',
    'SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
  ]
  const audits = serverAudits({ url: '' }).map(({ name }) => name)
  for (const name of audits.filter((it) => !it.startsWith('MAY') && !DELIBERATE.includes(it))) {
    it(`it ${name}`, async () => {
      const { url } = await start()
      const preflighted: typeof fetch = (input, init = {}) => {
        const headers = new Headers(init.headers)
        headers.set('apollo-require-preflight', 'true')
        return fetch(input, { ...init, headers })
      }
      const audit = serverAudits({ url, fetchFn: preflighted }).find((it) => it.name === name)!
      const { status, ...result } = await audit.fn()
      expect(status, JSON.stringify(result)).toBe('ok')
    })
  }

  it('answers 400, and 400 with the other media type too, to what does not validate', async () => {
    const { send } = await start()
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const body = JSON.stringify({ query: '{ nothing }' })
      const response = await send({ method: 'POST', headers: { ...JSON_BODY, accept }, body })
      expect(response.status).toBe(400)
      expect(response.headers.get('content-type')).toContain(accept)
    }
  })
})

describe('a request that is refused', () => {
  const mutation = 'mutation { rename(id: "1", title: "x") { id } }'
  const requests: [string, number, RequestInit & { search?: string }][] = [
    [
      'with a mutation over GET',
      405,
      {
        search: `?query=${encodeURIComponent(mutation)}`,
        headers: { 'apollo-require-preflight': '1' },
      },
    ],
    ['with another method', 405, { method: 'PUT', headers: JSON_BODY, body: QUERY }],
    ['with another method and no body', 405, { method: 'PUT' }],
    [
      'with a mutation, when it takes no answer of ours',
      406,
      {
        method: 'POST',
        headers: { ...JSON_BODY, accept: 'image/png' },
        body: JSON.stringify({ query: mutation }),
      },
    ],
    [
      'with another media type',
      415,
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: QUERY },
    ],
    [
      'with a form',
      415,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'query={a}',
      },
    ],
    ['with broken JSON', 400, { method: 'POST', headers: JSON_BODY, body: '{"query":' }],
    ['with no body', 400, { method: 'POST', headers: JSON_BODY }],
    ['with no query', 400, { method: 'POST', headers: JSON_BODY, body: '{"variables":{}}' }],
    [
      'with a query that is a number',
      400,
      { method: 'POST', headers: JSON_BODY, body: '{"query":1}' },
    ],
    ['with a batch', 400, { method: 'POST', headers: JSON_BODY, body: `[${QUERY}]` }],
    [
      'with an unknown operation name',
      400,
      {
        method: 'POST',
        headers: JSON_BODY,
        body: JSON.stringify({ query: 'query A { __typename }', operationName: 'B' }),
      },
    ],
    [
      'with too large a body',
      413,
      {
        method: 'POST',
        headers: JSON_BODY,
        body: JSON.stringify({ query: '{ a }', pad: 'x'.repeat(3_000) }),
      },
    ],
    ['from a page that needed no preflight', 400, { search: '?query={films{id}}' }],
  ]
  for (const [name, expected, init] of requests) {
    it(`${name} gets ${expected}, an error with a code and the request’s id, and reaches no subgraph`, async () => {
      const { send, subgraphs } = await start({ limits: { bodyLimitBytes: 2_000 } })
      const response = await send(init)
      const { errors, data } = (await response.json()) as { errors: unknown[]; data?: unknown }
      expect(response.status).toBe(expected)
      expect(errors).toMatchObject([
        {
          extensions: {
            code: expect.any(String) as string,
            requestId: response.headers.get('x-request-id'),
          },
        },
      ])
      expect(data).toBeUndefined()
      expect(subgraphs.films.received).toEqual([])
      if (expected === 405) expect(response.headers.get('allow')).toContain('POST')
    })
  }
})

describe('pages of other origins', () => {
  const ask = async (origin: string, cors?: readonly string[]) => {
    const { send } = await start(cors ? { cors } : {})
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    }
    const { headers: answer } = await send({ method: 'OPTIONS', headers })
    return [
      answer.get('access-control-allow-origin'),
      answer.get('access-control-allow-credentials'),
    ]
  }
  it('may call in development when they are local or the Sandbox, without cookies', async () => {
    expect(await ask('http://localhost:5173')).toEqual(['http://localhost:5173', null])
    expect(await ask('https://studio.apollographql.com')).toEqual([
      'https://studio.apollographql.com',
      null,
    ])
    expect(await ask('https://evil.example')).toEqual([null, null])
    expect(await ask('http://localhost.evil.example')).toEqual([null, null])
  })
  it('may call when listed, with cookies, and then nobody else', async () => {
    expect(await ask('https://app.example', ['https://app.example'])).toEqual([
      'https://app.example',
      'true',
    ])
    expect((await ask('http://localhost:5173', ['https://app.example']))[0]).toBeNull()
  })
})

describe('a browser on /graphql', () => {
  const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

  it('gets GraphiQL with the examples, all of it from here', async () => {
    const examples = '# one\nquery One { films { id } }\n\n# two\nquery Two { whoAmI }'
    const { send } = await start({ explorer: { page: 'graphiql', examples } })
    const response = await send({ headers })
    const page = await response.text()
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page).toContain('# one\\nquery One')
    expect(page).toContain('# two\\nquery Two')
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/)
    const etag = response.headers.get('etag')!
    expect((await send({ headers: { ...headers, 'if-none-match': etag } })).status).toBe(304)
  })

  it('gets the Sandbox, and GraphiQL beside it', async () => {
    const { send } = await start({ explorer: { page: 'sandbox' } })
    const page = async (search?: string) =>
      (await send({ headers, ...(search && { search }) })).text()
    expect(await page()).toContain('EmbeddedSandbox')
    expect(await page('?explorer=graphiql')).not.toContain('EmbeddedSandbox')
  })

  it('gets nothing of the vendor where GraphiQL is chosen', async () => {
    const { send } = await start({ explorer: { page: 'graphiql' } })
    const page = await (await send({ search: '?explorer=sandbox', headers })).text()
    expect(page).not.toContain('EmbeddedSandbox')
  })

  it('is led there from the root, where there is an explorer', async () => {
    const root = async (...options: Parameters<typeof start>) => {
      const { url } = await start(...options)
      const { status, headers: answer } = await fetch(new URL('/', url), { redirect: 'manual' })
      return [status, answer.get('location')]
    }
    expect(await root({ explorer: { page: 'graphiql' } })).toEqual([302, '/graphql'])
    expect(await root()).toEqual([404, null])
  })

  it('gets no page when the explorer is off', async () => {
    const { send } = await start()
    const response = await send({ headers })
    expect(response.headers.get('content-type')).toContain('json')
  })
})
