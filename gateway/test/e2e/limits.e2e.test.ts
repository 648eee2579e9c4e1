import { getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { startToys } from '../harness/gateway.js'

const repeated = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

const film = (id: number) => `film(id: "${id}")`
const doubled = (levels: number, last: string) =>
  `${repeated(levels, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)}
   fragment F${levels} on Query { ${last} }`

describe('an operation above a limit', () => {
  const refused: [string, string, string][] = [
    ['characters', `{ whoAmI } #${'x'.repeat(100_000)}`, 'more than 100000 UTF-16 code units'],
    ['tokens', `{ ${'whoAmI '.repeat(2_000)} }`, '2000 tokens'],
    ['fields', `{ ...F0 } ${doubled(10, 'whoAmI')}`, 'up to 1024 fields; at most 1000'],
    ['fields, in fragments that double', `{ ...F0 } ${doubled(60, 'whoAmI')}`, 'very many fields'],
    ['root fields', `{ ${'whoAmI '.repeat(21)} }`, 'up to 21 root fields; at most 20'],
    [
      'aliases',
      `{ film(id: "1") { ${repeated(31, (index) => `a${index}: title`)} } }`,
      'up to 31 aliases; at most 30',
    ],
    [
      'directives',
      `{ film(id: "1") { ${repeated(51, () => '... @include(if: true) { id }')} } }`,
      'up to 51 directives; at most 50',
    ],
    [
      'depth',
      `{ search ${'{ ... on Person { films { credits { person '.repeat(5)} { id } ${'} } } }'.repeat(5)} }`,
      'up to 17 levels of fields; at most 15',
    ],
    ['nodes', '{ films(first: 20001) { id } }', 'up to 20001 list items'],
  ]
  it.each(refused)('of %s is refused before a subgraph is asked', async (_name, query, message) => {
    const { post, subgraphs } = await startToys()
    const { status, data, errors } = await post(query)
    expect({ status, data }).toEqual({ status: 400, data: undefined })
    expect(errors).toHaveLength(1)
    expect(errors[0]!.message).toContain(message)
    expect(errors[0]!.extensions['code']).toMatch(/BAD_USER_INPUT|GRAPHQL_PARSE_FAILED/)
    expect(subgraphs.films.received).toEqual([])
  })

  it('is refused for the length that a variable asks for', async () => {
    const { post } = await startToys({ operationLimits: { nodes: 5 } })
    const query = 'query($n: Int = 5) { films(first: $n) { id } }'
    expect((await post(query)).status).toBe(200)
    expect((await post(query, { variables: { n: 5 } })).status).toBe(200)
    expect((await post(query, { variables: { n: 6 } })).status).toBe(400)
  })
})

describe('an operation at a limit', () => {
  it('is answered', async () => {
    const { post } = await startToys({ operationLimits: { rootFields: 3, aliases: 3, nodes: 3 } })
    const { errors } = await post(`{ a: ${film(1)} { id } b: ${film(2)} { id } c: films { id } }`)
    expect(errors).toEqual([])
  })

  it('may read the schema as tools do', async () => {
    const { post } = await startToys()
    const { errors, status } = await post(getIntrospectionQuery({ inputValueDeprecation: true }))
    expect({ errors, status }).toEqual({ errors: [], status: 200 })
  })
})

describe('variables', () => {
  it('may be null', async () => {
    const { gateway } = await startToys()
    const query = 'query($n: Int = 1) { films(first: $n) { id } }'
    const answer = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: null }),
    })
    expect(await answer.json()).toEqual({ data: { films: [{ id: '1' }] } })
  })
})

describe('wrong variables', () => {
  it('are told once and briefly, however many there are', async () => {
    const { post, log } = await startToys()
    const surplus = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`password${index}`, 'S3cret']),
    )
    const query = 'query($id: ID!) { film(id: $id) { id } }'
    const { status, errors } = await post(query, { variables: { id: surplus } })
    expect(status).toBe(400)
    expect(errors).toEqual([
      {
        message: 'Variable "$id" got an invalid value; ID cannot represent value.',
        locations: [{ line: 1, column: 7 }],
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) as string },
      },
    ])
    expect(JSON.stringify(log)).not.toContain('S3cret')
  })
})

it('very many errors of subgraphs are a hundred and one that counts the others', async () => {
  const { post, subgraphs, log } = await startToys()
  await subgraphs.people.close()
  const { errors } = await post('{ films(first: 1000) { likes credits { role } } }')
  expect(errors).toHaveLength(101)
  expect(errors[0]).toMatchObject({ path: ['films', 0, 'likes'] })
  expect(errors.at(-1)).toMatchObject({
    message: '1900 further errors are not shown.',
    extensions: { code: 'TOO_MANY_ERRORS' },
  })
  expect(log.filter(({ level }) => level === 'error')).toHaveLength(1)
})

it('a subscription is refused: there are none', async () => {
  const { post } = await startToys()
  const { status, errors } = await post('subscription { whoAmI }')
  expect(status).toBe(400)
  expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
})
