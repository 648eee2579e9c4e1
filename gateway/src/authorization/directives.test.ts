import { parse } from 'graphql'
import { expect, it } from 'vitest'
import { separateAuthorization } from './directives.js'

const LINK = '@link(url: "https://specs.apollo.dev/link/v1.0")'
const link = (spec: string, more = '') => `@link(url: "https://specs.apollo.dev/${spec}"${more})`
const BOTH = `${link('authenticated/v0.1')} ${link('requiresScopes/v0.1')}`

const separate = (text: string) => separateAuthorization(parse(text))

it('takes out what guards, and nothing else', () => {
  const { supergraphSdl, guards } = separate(`
    schema ${LINK} ${BOTH} ${link('inaccessible/v0.2')} { query: Query }
    directive @authenticated on OBJECT
    directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on OBJECT
    directive @inaccessible on FIELD_DEFINITION
    scalar requiresScopes__Scope
    type Query @authenticated { a: Int @inaccessible @requiresScopes(scopes: [["a", "b"], ["c"]]) b: E }
    enum E @requiresScopes(scopes: [["e"]]) @authenticated { ONE }
    scalar S @authenticated
    interface I { i: Int @authenticated }
  `)
  expect(supergraphSdl).toContain('a: Int @inaccessible')
  expect(supergraphSdl).toContain('inaccessible/v0.2')
  expect(supergraphSdl).not.toMatch(/authenticated|requiresScopes/)
  const loggedIn = { loggedIn: true, permissions: [] }
  expect(Object.fromEntries(guards)).toEqual({
    Query: [loggedIn],
    'Query.a': [
      { loggedIn: false, permissions: ['a', 'b'] },
      { loggedIn: false, permissions: ['c'] },
    ],
    E: [{ loggedIn: true, permissions: ['e'] }],
    S: [loggedIn],
    'I.i': [loggedIn],
  })
})

const renamed: [string, string][] = [
  ['as', ', as: "login"'],
  ['import', ', import: [{ name: "@authenticated", as: "@login" }]'],
  ['as, but for its import', ', as: "other", import: [{ name: "@authenticated", as: "@login" }]'],
]
it.each(renamed)('follows a name that is given by %s', (_how, more) => {
  const { supergraphSdl, guards } = separate(`
    schema ${link('authenticated/v0.1', more)} { query: Query }
    directive @login on FIELD_DEFINITION
    directive @authenticated on FIELD_DEFINITION
    type Query { a: Int @login b: Int @authenticated }
  `)
  expect([...guards.keys()]).toEqual(['Query.a'])
  expect(supergraphSdl).not.toContain('login')
  expect(supergraphSdl).toContain('b: Int @authenticated')
})

it('joins all that is said of one field', () => {
  const { guards } = separate(`
    schema ${BOTH} { query: Query }
    type Query { a: Int }
    type T { t: Int @requiresScopes(scopes: [["a"], ["b"]]) }
    extend type T { t: Int @requiresScopes(scopes: [["b"], ["c"]]) @authenticated }
  `)
  const permissions = guards.get('T.t')!.map((it) => [it.loggedIn, ...it.permissions])
  expect(permissions).toEqual([
    ...[
      [true, 'a', 'b'],
      [true, 'a', 'c'],
    ],
    ...[
      [true, 'b'],
      [true, 'b', 'c'],
    ],
  ])
})

const refused: [string, string][] = [
  ['[]', 'Query.a: @requiresScopes needs lists of names, none of them empty'],
  ['[["a"], []]', 'Query.a: @requiresScopes needs lists of names, none of them empty'],
  ['[["a", 1]]', 'Query.a: @requiresScopes needs lists of names, none of them empty'],
  ['["a"]', 'Query.a: @requiresScopes needs lists of names, none of them empty'],
]
it.each(refused)('refuses scopes %s, which do not say who may', (scopes, problem) => {
  const text = `schema ${BOTH} { query: Query } type Query { a: Int @requiresScopes(scopes: ${scopes}) }`
  expect(() => separate(text)).toThrow(`SUPERGRAPH_PATH: ${problem}`)
})
