import { buildSchema, parse } from 'graphql'
import { expect, it } from 'vitest'
import { separateAuthorization } from './directives.js'
import { createRules } from './rules.js'

const HEAD = `
  directive @link(url: String) repeatable on SCHEMA
  directive @authenticated on OBJECT | INTERFACE | FIELD_DEFINITION | ENUM | SCALAR
  directive @requiresScopes(scopes: [[String!]!]!) on OBJECT | INTERFACE | FIELD_DEFINITION | ENUM | SCALAR
  schema @link(url: "https://specs.apollo.dev/authenticated/v0.1")
    @link(url: "https://specs.apollo.dev/requiresScopes/v0.1") { query: Query }
`

function rulesOf(body: string) {
  const text = `${HEAD} ${body}`
  const rules = createRules(buildSchema(text), separateAuthorization(parse(text)).guards)
  return (coordinate: string) => {
    const [type = '', field = ''] = coordinate.split('.')
    return rules(type, field).map(({ anyOf }) =>
      anyOf.map((it) => [...(it.loggedIn ? ['login'] : []), ...it.permissions].join('+')).join('|'),
    )
  }
}

it('asks for what the field, its type and the type it returns ask for', () => {
  const rule = rulesOf(`
    type Query { free: Int a: A list: [[S!]]! @authenticated e: E }
    type A @authenticated { a: Int s: S @requiresScopes(scopes: [["x", "y"], ["z"]]) }
    scalar S @requiresScopes(scopes: [["s"]])
    enum E @requiresScopes(scopes: [["e"]]) { ONE }
  `)
  expect(rule('Query.free')).toEqual([])
  expect(rule('Query.a')).toEqual(['login'])
  expect(rule('Query.list')).toEqual(['login', 's'])
  expect(rule('Query.e')).toEqual(['e'])
  expect(rule('A.a')).toEqual(['login'])
  expect(rule('A.s')).toEqual(['login', 'x+y|z', 's'])
  expect(rule('Query.__typename')).toEqual([])
})

it('asks on an interface for what every implementation asks for', () => {
  const rule = rulesOf(`
    type Query { i: I }
    interface I { a: Int b: Int s: S }
    type A implements I @authenticated { a: Int b: Int @requiresScopes(scopes: [["b"]]) s: S }
    type B implements I { a: Int b: Int s: T @authenticated }
    interface S { t: Int }
    type T implements S @requiresScopes(scopes: [["t"]]) { t: Int }
    type U implements S { t: Int }
  `)
  expect(rule('Query.i')).toEqual([])
  expect(rule('I.a')).toEqual(['login'])
  expect(rule('I.b')).toEqual(['login', 'b'])
  expect(rule('I.s')).toEqual(['login', 't'])
  expect(rule('B.a')).toEqual([])
})

it('asks for one type of those that an abstract type may be, when all of them are guarded', () => {
  const rule = rulesOf(`
    type Query { all: All some: Some }
    union All = A | B
    union Some = A | C
    type A @requiresScopes(scopes: [["a"], ["x"]]) { a: Int }
    type B @authenticated { b: Int }
    type C { c: Int }
  `)
  expect(rule('Query.all')).toEqual(['a|x|login'])
  expect(rule('Query.some')).toEqual([])
})

it('knows equal requirements as one', () => {
  const text = `${HEAD} type Query {
    a: Int @requiresScopes(scopes: [["x", "y"], ["z"]])
    b: Int @requiresScopes(scopes: [["z"], ["y", "x"]])
    c: Int @requiresScopes(scopes: [["z"], ["y"]])
  }`
  const rules = createRules(buildSchema(text), separateAuthorization(parse(text)).guards)
  expect(rules('Query', 'a')[0]).toBe(rules('Query', 'b')[0])
  expect(rules('Query', 'a')[0]).not.toBe(rules('Query', 'c')[0])
})

const refused: [string, string][] = [
  ['I', 'interface I @authenticated { a: Int } type A implements I { a: Int @authenticated }'],
  ['I.a', 'interface I { a: Int @authenticated } type A implements I @authenticated { a: Int }'],
]
it.each(refused)('refuses a guarded interface %s whose types are free', (coordinate, types) => {
  expect(() => rulesOf(`type Query { i: I } ${types}`)).toThrow(
    `SUPERGRAPH_PATH: ${coordinate} is guarded and its implementations are not; guard them`,
  )
})
