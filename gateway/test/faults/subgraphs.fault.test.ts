import { describe, expect, it } from 'vitest'
import { startToys } from '../harness/gateway.js'
import { answers } from '../harness/toy-server.js'

const UNAVAILABLE = { code: 'SERVICE_UNAVAILABLE', retryable: true }
const PAGE = '{ films(first: 2) { title credits { role } likes } }'

describe('with one subgraph down', () => {
  it('its fields are null, each with an error at its own path, and the rest answers', async () => {
    const { post, subgraphs } = await startToys()
    await subgraphs.people.close()
    const { status, data, errors } = await post(PAGE)
    expect(status).toBe(200)
    expect(data).toEqual({
      films: [
        { title: 'Film 1', credits: null, likes: null },
        { title: 'Film 2', credits: null, likes: null },
      ],
    })
    expect(errors.map(({ path }) => path?.join('.')).sort()).toEqual([
      'films.0.credits',
      'films.0.likes',
      'films.1.credits',
      'films.1.likes',
    ])
    for (const { extensions } of errors) expect(extensions).toMatchObject(UNAVAILABLE)
  })

  it('names neither the subgraph nor its host to the client, and both once in the log', async () => {
    const { post, subgraphs, log } = await startToys()
    await subgraphs.people.close()
    const { errors } = await post(PAGE)
    expect(JSON.stringify(errors)).not.toMatch(/people|127\.0\.0\.1|ECONN|undici/)
    const lines = log.filter(({ level }) => level === 'error')
    expect(lines).toHaveLength(1)
    const line = JSON.stringify(lines[0])
    expect(line).toContain('subgraph people')
    expect(line).toContain('ECONNREFUSED')
  })

  it('an error of a list of several types is at the items of its own type', async () => {
    const { post, subgraphs } = await startToys()
    await subgraphs.people.close()
    const { data, errors } = await post(
      '{ search { __typename ... on Film { cast: credits { role } } ... on Person { id } } }',
    )
    expect(data).toEqual({
      search: [
        { __typename: 'Person', id: 'p1' },
        { __typename: 'Film', cast: null },
        { __typename: 'Film', cast: null },
      ],
    })
    expect(errors.map(({ path }) => path?.join('.'))).toEqual(['search.1.cast', 'search.2.cast'])
  })

  it('fields that needed a hidden field of it are null with an error of their own', async () => {
    const { post, subgraphs } = await startToys()
    await subgraphs.films.close()
    const { data, errors } = await post('{ favourite { id credits { role } } }')
    expect(data).toEqual({ favourite: { id: '7', credits: null } })
    expect(errors).toMatchObject([{ path: ['favourite', 'credits'], extensions: UNAVAILABLE }])
  })

  it('a field that may not be null takes its parent along', async () => {
    const { post, subgraphs } = await startToys()
    await subgraphs.films.close()
    const { data, errors } = await post('{ favourite { id title } person(id: "p1") { name } }')
    expect(data).toEqual({ favourite: null, person: { name: 'Person p1' } })
    expect(errors).toMatchObject([{ path: ['favourite', 'title'], extensions: UNAVAILABLE }])
  })

  it('answers again as soon as it is back', async () => {
    const { post, subgraphs } = await startToys()
    subgraphs.people.script(answers.text(500, 'oops'))
    expect((await post(PAGE)).errors).toHaveLength(4)
    expect((await post(PAGE)).errors).toEqual([])
  })
})

describe('an answer that is none', () => {
  const wrong = {
    'status 500': answers.text(500, '{"data":{"films":[]}}'),
    'a page of HTML': answers.text(200, '<html>maintenance</html>'),
    'JSON that is no GraphQL answer': answers.text(200, '{"ok":true}'),
    'neither data nor errors': answers.text(200, '{"data":null}'),
    'a refusal of our identity': answers.text(
      401,
      '{"errors":[{"message":"only the gateway","extensions":{"code":"UNAUTHENTICATED"}}]}',
    ),
    'a reset connection each time': answers.reset(),
  }
  for (const [name, fault] of Object.entries(wrong)) {
    it(`of ${name} is SERVICE_UNAVAILABLE`, async () => {
      const { post, subgraphs } = await startToys()
      subgraphs.films.script(fault, fault)
      const { data, errors } = await post('{ film(id: "1") { title } }')
      expect(data).toEqual({ film: null })
      expect(errors).toMatchObject([{ path: ['film'], extensions: UNAVAILABLE }])
    })
  }

  it('of too few entities is SERVICE_UNAVAILABLE', async () => {
    const { post, subgraphs } = await startToys()
    subgraphs.people.script(answers.text(200, '{"data":{"_entities":[]}}'))
    const { errors } = await post('{ films(first: 1) { credits { role } } }')
    expect(errors).toMatchObject([{ path: ['films', 0, 'credits'], extensions: UNAVAILABLE }])
  })

  it('of more bytes than allowed is SERVICE_UNAVAILABLE', async () => {
    const { post, subgraphs, metrics } = await startToys({
      limits: { subgraphResponseLimitBytes: 2_000 },
    })
    subgraphs.films.script(
      answers.text(200, JSON.stringify({ data: { whoAmI: 'x'.repeat(3_000) } })),
    )
    const { errors } = await post('{ whoAmI }')
    expect(errors).toMatchObject([{ path: ['whoAmI'], extensions: UNAVAILABLE }])
    expect(await metrics()).toMatch(/subgraph="films",outcome="unreachable"\} 1/)
  })
})

describe('a slow subgraph', () => {
  const limits = { subgraphTimeoutMs: 200 }
  for (const [name, fault] of [
    ['that never answers', answers.silence()],
    ['whose answer never ends', answers.endless()],
  ] as const) {
    it(`${name} is given up, and told so`, async () => {
      const { post, subgraphs, metrics } = await startToys({ limits })
      subgraphs.people.script(fault)
      const { data, errors } = await post('{ films(first: 1) { title likes } }')
      expect(data).toEqual({ films: [{ title: 'Film 1', likes: null }] })
      expect(errors).toMatchObject([{ path: ['films', 0, 'likes'], extensions: UNAVAILABLE }])
      await subgraphs.people.received[0]!.abandoned
      expect(await metrics()).toMatch(/subgraph="people",outcome="timeout"\} 1/)
    })
  }

  it('has no more time than the client’s request has left', async () => {
    const { post, subgraphs } = await startToys({ limits: { requestTimeoutMs: 200 } })
    subgraphs.people.script(answers.silence())
    const { errors } = await post('{ films(first: 1) { likes } }')
    expect(errors).toMatchObject([{ extensions: UNAVAILABLE }])
    const told = Number(subgraphs.people.received[0]!.headers['x-cinegraph-timeout-ms'])
    expect(told).toBeLessThanOrEqual(200)
  })
})

describe('a process of a subgraph that goes away', () => {
  it('costs a read nothing when it has closed a kept-alive connection: it is asked again', async () => {
    const { post, subgraphs, metrics } = await startToys()
    await post('{ whoAmI }')
    subgraphs.films.script(answers.reset())
    const { data, errors } = await post('{ film(id: "1") { title } }')
    expect({ data, errors }).toEqual({ data: { film: { title: 'Film 1' } }, errors: [] })
    const [first, second, third] = subgraphs.films.received
    expect(second!.connection).toBe(first!.connection)
    expect(third!.connection).not.toBe(first!.connection)
    expect(await metrics()).toContain('retries_total{subgraph="films"} 1')
  })

  it.each([
    ['breaks off in the middle of an answer', answers.torn()],
    ['is not there, as its balancer says', answers.text(502, 'Bad Gateway')],
    ['is not ready', answers.text(503, '{"errors":[{"message":"starting"}]}')],
  ])('costs a read nothing either when the process %s', async (_, fault) => {
    const { post, subgraphs, metrics } = await startToys()
    subgraphs.films.script(fault)
    const { data, errors } = await post('{ film(id: "1") { title } }')
    expect({ data, errors }).toEqual({ data: { film: { title: 'Film 1' } }, errors: [] })
    expect(await metrics()).toContain('retries_total{subgraph="films"} 1')
  })

  it.each([
    ['resets the connection', answers.reset()],
    ['breaks off', answers.torn()],
    ['is not there', answers.text(502, 'Bad Gateway')],
  ])('is asked once more, and no more, when it %s again', async (_, fault) => {
    const { post, subgraphs } = await startToys()
    subgraphs.films.script(fault, fault, fault)
    const { errors } = await post('{ film(id: "1") { title } }')
    expect(errors).toMatchObject([{ path: ['film'], extensions: UNAVAILABLE }])
    expect(subgraphs.films.received).toHaveLength(2)
  })

  it('fails a mutation: it may have happened', async () => {
    const { post, subgraphs } = await startToys()
    await post('{ whoAmI }')
    subgraphs.films.script(answers.reset())
    const { data, errors } = await post('mutation { rename(id: "1", title: "x") { title } }')
    expect(data).toEqual({ rename: null })
    expect(errors).toMatchObject([{ path: ['rename'], extensions: UNAVAILABLE }])
    expect(subgraphs.films.received).toHaveLength(2)
  })

  it.each([
    ['breaks off in the middle of an answer', answers.torn()],
    ['is not there, as its balancer says', answers.text(502, 'Bad Gateway')],
  ])('fails a mutation, too, when the process %s', async (_, fault) => {
    const { post, subgraphs } = await startToys()
    subgraphs.films.script(fault)
    const { errors } = await post('mutation { rename(id: "1", title: "x") { title } }')
    expect(errors).toMatchObject([{ path: ['rename'], extensions: UNAVAILABLE }])
    expect(subgraphs.films.received).toHaveLength(1)
  })
})

it('a client that goes away takes its subgraph calls along, and is nobody’s failure', async () => {
  const limits = { requestTimeoutMs: 600_000, subgraphTimeoutMs: 600_000 }
  const { post, subgraphs, log, gateway } = await startToys({ limits })
  subgraphs.films.script(answers.silence())
  const client = new AbortController()
  const left = expect(post('{ whoAmI }', { signal: client.signal })).rejects.toThrow()
  const { abandoned } = await subgraphs.films.arrival(1)
  client.abort()
  await left
  await abandoned
  await gateway.stop(AbortSignal.timeout(2_000))
  expect(log.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([])
})
