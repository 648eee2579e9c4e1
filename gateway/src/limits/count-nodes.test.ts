import { buildSchema, Kind, parse } from 'graphql'
import { expect, it } from 'vitest'
import { operationOf } from '../execution/selections.js'
import { countNodes } from './count-nodes.js'

const schema = buildSchema(`
  type Query {
    films(first: Int = 20, last: Int): FilmConnection!
    genres(limit: Int, first: String): [Genre!]!
    shelf(first: Int): Shelf
    hits: [Hit!]
    film: Film
  }
  type FilmConnection { edges: [FilmEdge!]! nodes: [Film!]! facets: [Facet!]! total: Int }
  type FilmEdge { node: Film! }
  type Facet { films(first: Int! = 5): FilmConnection }
  type Film { id: ID countries: [String!]! genres: [Genre!] films(first: Int): FilmConnection }
  type Genre { id: ID films(first: Int = 20): FilmConnection }
  type Shelf { books: [Film!] }
  union Hit = Film | Genre
`)

function count(text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text)
  const definition = document.definitions.find((it) => it.kind === Kind.OPERATION_DEFINITION)!
  return countNodes({ schema, operation: operationOf(definition, document), variables })
}

const EDGES = '{ edges { node { id } } }'

const counted: [string, string, number, Record<string, unknown>?][] = [
  ['single objects and scalars are none', '{ film { id countries } __typename }', 0],
  ['a literal', `{ films(first: 7) ${EDGES} }`, 7],
  ['a default', `{ films ${EDGES} }`, 20],
  ['a variable', `query($n: Int) { films(first: $n) ${EDGES} }`, 50, { n: 50 }],
  ['a variable that is not given', `query($n: Int) { films(first: $n) ${EDGES} }`, 20],
  ['the other end, when it is more', `{ films(last: 30) ${EDGES} }`, 30],
  ['no less than nothing', `{ films(first: -5, last: -5) ${EDGES} }`, 0],
  ['a plain list', '{ genres(limit: 3) { id } }', 3],
  ['a list that says nothing', '{ genres(first: "all") { id } }', 10],
  ['null, which leaves it to the server', '{ genres(limit: null) { id } }', 10],
  ['a connection that says nothing', `{ film { films ${EDGES} } }`, 10],
  ['both lists of a connection', '{ films(first: 7) { edges { node { id } } nodes { id } } }', 14],
  ['other lists of a connection', '{ films(first: 7) { facets { films { total } } } }', 10],
  ['the lists of an object with a length', '{ shelf(first: 4) { books { id } } }', 4],
  [
    'a union',
    '{ hits { ... on Film { id } ... on Genre { films(first: 2) { nodes { id } } } } }',
    30,
  ],
  [
    'the product down the tree',
    '{ films(first: 100) { edges { node { genres { films(first: 100) { edges { node { id } } } } } } } }',
    100 + 100 * 10 + 100 * 10 * 100,
  ],
  ['the sum of siblings', `{ a: films(first: 3) ${EDGES} b: films(first: 4) ${EDGES} }`, 7],
  [
    'fragments, by the length where they are used',
    `{ a: films(first: 3) { ...F } b: films(first: 4) { ... on FilmConnection { ...F } } }
     fragment F on FilmConnection { edges { node { genres { id } } } facets { films { total } } }`,
    3 + 30 + 10 + (4 + 40 + 10),
  ],
  ['no introspection', '{ __schema { types { fields { name } } } }', 0],
]
for (const [name, text, expected, variables] of counted) {
  it(`counts ${name}`, () => {
    expect(count(text, variables)).toBe(expected)
  })
}

it('takes no longer for fragments that double with each level', () => {
  const levels = Array.from(
    { length: 60 },
    (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
  )
  const last = 'fragment F60 on Query { genres(limit: 1) { id } }'
  expect(count(`{ ...F0 } ${levels.join(' ')} ${last}`)).toBe(2 ** 60)
})
