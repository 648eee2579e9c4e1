import { buildSchema, OperationTypeNode, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { operationFor, type Values } from './operation-for.js'

const schema = buildSchema(`
  scalar DateTime
  scalar Colour
  enum Size { SMALL LARGE }
  input Part { size: Size! note: String colours: [Int!]! = [1] }
  input ThingInput { id: ID! parts: [Part!]! since: DateTime }
  type Thing { id: ID! }
  union Result = Thing
  type Query {
    thing(id: ID!, first: Int! = 20, after: String): Thing
    count: Int!
    red(colour: Colour!): Int
  }
  type Mutation { makeThing(input: ThingInput!, note: String): Result! }
`)

const ask = (field: string, values?: Values) =>
  operationFor(schema, { operation: OperationTypeNode.QUERY, field }, values)
const change = (field: string, values?: Values) =>
  operationFor(schema, { operation: OperationTypeNode.MUTATION, field }, values)

test('an operation has the least that is valid', () => {
  const operations = [ask('thing'), ask('count'), change('makeThing')]
  for (const { query } of operations) expect(validate(schema, parse(query))).toEqual([])
  expect(operations.map((it) => it.variables)).toEqual([
    { id: expect.any(String) as string },
    {},
    { input: { id: expect.any(String) as string, parts: [{ size: 'SMALL' }] } },
  ])
})

test('better values count at every depth, also for what is not required', () => {
  const values = { note: 'a note', id: 'one', 'makeThing.id': 'two' }
  expect(change('makeThing', values).variables).toEqual({
    input: { id: 'two', parts: [{ size: 'SMALL', note: 'a note' }] },
    note: 'a note',
  })
  expect(ask('thing', values).variables).toEqual({ id: 'one' })
})

test('what it cannot ask for it says', () => {
  expect(() => ask('red')).toThrow('no value of the scalar Colour')
  expect(() => ask('blue')).toThrow('there is no query blue')
})
