import type { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { startToys } from '../harness/gateway.js'

it('answers one operation from several subgraphs', async () => {
  const { post } = await startToys()
  const { status, data, errors } = await post(
    'query Page($id: ID!) { film(id: $id) { title likes credits { role person { name } } } }',
    { variables: { id: '5' } },
  )
  expect({ status, errors }).toEqual({ status: 200, errors: [] })
  expect(data).toEqual({
    film: {
      title: 'Film 5',
      likes: 3,
      credits: [{ role: 'ACTOR', person: { name: 'Person p1' } }],
    },
  })
})

it('says in the extensions what is degraded, and nothing else of what subgraphs put there', async () => {
  const { post, subgraphs } = await startToys()
  const query = '{ film(id: "5") { title } }'
  const answering = (body: object) => (response: ServerResponse) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  subgraphs.films.script(
    answering({
      data: { film: { title: 'Film 5' } },
      extensions: { degraded: ['search'], secret: 'of a subgraph' },
    }),
  )
  const { data, extensions } = await post(query)
  expect(data).toEqual({ film: { title: 'Film 5' } })
  expect(extensions).toEqual({ degraded: ['search'] })
  expect((await post(query)).extensions).toBeUndefined()
})

it('gives an error of an entity the path it has in the answer, aliases included', async () => {
  const { post } = await startToys()
  const { data, errors } = await post(`{
    lucky: film(id: "12") { cast: credits { role } }
    unlucky: film(id: "13") { title cast: credits { role } }
  }`)
  expect(data).toEqual({
    lucky: { cast: [{ role: 'ACTOR' }] },
    unlucky: { title: 'Film 13', cast: null },
  })
  expect(errors).toMatchObject([
    {
      message: 'No credits of film 13.',
      path: ['unlucky', 'cast'],
      extensions: { code: 'NOT_FOUND' },
    },
  ])
})

it('tells a wrong variable as BAD_USER_INPUT with status 400', async () => {
  const { post } = await startToys()
  const { status, errors } = await post('query($n: Int) { films(first: $n) { id } }', {
    variables: { n: 'many' },
  })
  expect(status).toBe(400)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
})

it('keeps the codes of subgraphs that are public and hides every other error', async () => {
  const { post } = await startToys()
  const known = await post('{ fail(code: "FORBIDDEN") }')
  expect(known.errors).toMatchObject([
    { message: 'told to fail', path: ['fail'], extensions: { code: 'FORBIDDEN' } },
  ])
  const unknown = await post('{ failed: fail }')
  expect(unknown.errors).toMatchObject([
    { path: ['failed'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
  ])
  expect(JSON.stringify(unknown.errors)).not.toContain('told to fail')
})

it('repeats request id and trace to subgraphs and names the id in errors', async () => {
  const { post, subgraphs } = await startToys()
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const { headers, errors } = await post('{ fail }', {
    headers: { 'x-request-id': 'request-0001', traceparent },
  })
  expect(headers.get('x-request-id')).toBe('request-0001')
  expect(errors[0]!.extensions['requestId']).toBe('request-0001')
  expect(subgraphs.films.received[0]!.headers).toMatchObject({
    'x-request-id': 'request-0001',
    traceparent,
  })
})

it('forwards neither credentials nor identities of the client', async () => {
  const { post, subgraphs } = await startToys()
  await post('{ whoAmI }', {
    headers: { authorization: 'Bearer x', cookie: 'a=b', 'x-cinegraph-viewer': 'forged' },
  })
  const { headers } = subgraphs.films.received[0]!
  expect(Object.keys(headers)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/authorization|cookie|x-cinegraph-viewer/)]),
  )
})

it('tells subgraphs how long it waits', async () => {
  const { post, subgraphs } = await startToys({ limits: { requestTimeoutMs: 5_000 } })
  await post('{ films { id } }')
  const told = Number(subgraphs.films.received[0]!.headers['x-cinegraph-timeout-ms'])
  expect(told).toBeGreaterThan(4_000)
  expect(told).toBeLessThanOrEqual(5_000)
})

it('counts operations and subgraph calls by outcome', async () => {
  const { post, metrics } = await startToys()
  await post('query Films { films { id } }')
  await post('query Failing { fail }')
  const text = await metrics()
  expect(text).toContain('operation_duration_seconds_count{operation="Films",outcome="ok"} 1')
  expect(text).toContain(
    'operation_duration_seconds_count{operation="Failing",outcome="partial"} 1',
  )
  expect(text).toContain('subgraph_duration_seconds_count{subgraph="films",outcome="ok"} 1')
  expect(text).toContain('subgraph_duration_seconds_count{subgraph="films",outcome="errors"} 1')
})

it('hides the schema when introspection is off', async () => {
  const { post } = await startToys({ introspection: false })
  const { status, errors } = await post('{ __schema { queryType { name } } }')
  expect(status).toBe(400)
  expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
})

it('names what is not ready', async () => {
  const broken = {
    name: 'denied-sessions',
    start: async () => {},
    ready: async () => ({ ready: false, reason: 'does not answer' }) as const,
    stop: async () => {},
  }
  const { gateway } = await startToys({ dependencies: [broken] })
  const response = await fetch(`${gateway.url}/readyz`)
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('denied-sessions')
})

it('logs each operation once, under the id of its request', async () => {
  const { post, log } = await startToys()
  const query = 'query Page($id: ID!) { film(id: $id) { title credits { role } } }'
  await post(query, { variables: { id: '13' }, headers: { 'x-request-id': 'request-of-13' } })
  const answered = log.filter((line) => line.msg === 'operation answered')
  expect(answered).toMatchObject([
    {
      level: 'info',
      requestId: 'request-of-13',
      operation: 'Page',
      type: 'query',
      viewer: 'anonymous',
      errors: 1,
      ms: expect.any(Number) as number,
    },
  ])
})
