import { ANONYMOUS, type Viewer } from '@cinegraph/kit/identity'
import { Kind, parse } from 'graphql'
import { expect, it } from 'vitest'
import { createAuthorization } from './authorization.js'

const SUPERGRAPH = `
  directive @link(url: String) repeatable on SCHEMA
  directive @authenticated on FIELD_DEFINITION | OBJECT
  schema @link(url: "https://specs.apollo.dev/authenticated/v0.1") { query: Query }
  type Query { film: Film }
  type Film { id: ID! cost: Int @authenticated similar: Film }
`
const user: Viewer = { kind: 'user', id: '1', sessionId: '1', roles: [], permissions: [] }

function restrict(text: string, viewer: Viewer, supergraph = SUPERGRAPH) {
  const document = parse(text)
  const operation = document.definitions.find((it) => it.kind === Kind.OPERATION_DEFINITION)!
  const asked = { document, operation, queryHash: text, variables: {}, viewer }
  return createAuthorization(supergraph).restrict(asked)
}

it('leaves alone what the viewer may have', () => {
  expect(restrict('{ film { id } }', ANONYMOUS)).toBeUndefined()
  expect(restrict('{ film { cost } }', user)).toBeUndefined()
  expect(restrict('{ film { cost } }', ANONYMOUS)).toBeDefined()
  const unguarded = SUPERGRAPH.replace('cost: Int @authenticated', 'cost: Int')
  expect(restrict('{ film { cost } }', ANONYMOUS, unguarded)).toBeUndefined()
})

it('completes what was executed, in the order that was asked for', () => {
  const { complete } = restrict('{ film { b: cost id __typename a: cost } }', ANONYMOUS)!
  const film = { __typename: 'Film', id: '1' }
  expect(JSON.stringify(complete({ film, __typename: 'Query' }))).toBe(
    '{"film":{"b":null,"id":"1","__typename":"Film","a":null}}',
  )
  expect(complete({ film: null })).toEqual({ film: null })
})

it('keeps a response name that objects have a meaning for', () => {
  const { complete } = restrict('{ film { __proto__: id cost } }', ANONYMOUS)!
  const film = JSON.parse('{ "__proto__": "1" }') as object
  expect(JSON.stringify(complete({ film }))).toBe('{"film":{"__proto__":"1","cost":null}}')
})

it('ends where aliases double the paths with each level', () => {
  const levels = Array.from(
    { length: 100 },
    (_, level) =>
      `fragment F${level} on Film { cost a: similar { ...F${level + 1} } b: similar { ...F${level + 1} } }`,
  )
  const text = `{ film { ...F0 } } ${levels.join(' ')} fragment F100 on Film { cost }`
  expect(restrict(text, ANONYMOUS)!.refusals.length).toBeLessThanOrEqual(10_000)
})
