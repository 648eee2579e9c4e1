import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { lintCaching } from './cache-lint.js'

const problemsOf = (sdl: string, supergraph = sdl) =>
  lintCaching({ name: 'films', sdl: parse(sdl) }, parse(supergraph))

const FILM = 'type Film @key(fields: "id") @cacheControl(maxAge: 30) { id: ID! }'
const ACCOUNT = 'type Account @cacheControl(maxAge: 0, scope: PRIVATE) { id: ID! }'
const INHERITS = '@cacheControl(inheritMaxAge: true)'

test.each([
  ['a root field whose type has a hint', `type Query { film: Film } ${FILM}`],
  ['a root field with a hint', 'type Query { count: Int @cacheControl(maxAge: 5) }'],
  [
    'a list that is kept as long as its field says',
    `type Query { films: Films @cacheControl(maxAge: 30) } type Films ${INHERITS} { nodes: [Film!]! } ${FILM}`,
  ],
  [
    'a union of nothing more private than its field',
    `type Query { hit: Hit @cacheControl(maxAge: 30) } union Hit = Film ${FILM}`,
  ],
  [
    'a guarded field that is private',
    'type Query { count: Int @authenticated @cacheControl(maxAge: 0, scope: PRIVATE) }',
  ],
  ['a guarded field of a private type', `type Query { me: Account @authenticated } ${ACCOUNT}`],
  [
    'a guarded field in a private type',
    'type Query { me: Me } type Me @cacheControl(scope: PRIVATE) { mail: String @authenticated }',
  ],
  [
    'what mutations alone return, and mutations',
    `type Query { film: Film } type Mutation { edit: Edited @authenticated } type Edited { film: Film note: Note } type Note { text: String } ${FILM}`,
  ],
])('takes %s', (_, sdl) => {
  expect(problemsOf(sdl)).toEqual([])
})

test.each([
  [
    'a root field without any hint',
    'type Query { count: Int }',
    /^films: Query.count: neither it nor the type it returns says .* add @CacheControl\({ maxAge: SECONDS }\) or/,
  ],
  [
    'a root field that would inherit from nothing',
    `type Query { films: Films } type Films ${INHERITS} { count: Int }`,
    /^films: Query.films: neither/,
  ],
  [
    'an object without any hint',
    `type Query { film: Film } type Film @cacheControl(maxAge: 30) { tags: [Tag!]! } type Tag { text: String }`,
    /^films: Film.tags: neither it .* add @CacheControl\({ inheritMaxAge: true }\),/,
  ],
  [
    'an entity without any hint, which Apollo Server passes over beside others',
    'type Genre @key(fields: "id") { id: ID! }',
    /^films: Genre: is an entity/,
  ],
  [
    'an entity that would inherit from nothing',
    `type Genre @key(fields: "id") ${INHERITS} { id: ID! }`,
    /^films: Genre: is an entity/,
  ],
  [
    'a union that hides how private its types are',
    `type Query { hit: Hit @cacheControl(maxAge: 30) } union Hit = Film | Account ${FILM} ${ACCOUNT}`,
    /^films: Query.hit: overrules the hint of Account; its maxAge may be 0 at most$/,
  ],
  [
    'a union that would inherit past its types',
    `type Query { film: Film } type Film @cacheControl(maxAge: 30) { owner: Owner ${INHERITS} } union Owner = Account ${ACCOUNT}`,
    /^films: Film.owner: overrules the hint of Account/,
  ],
  [
    'an interface that hides how private its types are',
    `type Query { node: Node @cacheControl(maxAge: 30) } interface Node { id: ID! } type Account implements Node @cacheControl(scope: PRIVATE) { id: ID! }`,
    /^films: Query.node: overrules the hint of Account/,
  ],
  [
    'a field that makes its type public',
    `type Query { me: Account @cacheControl(maxAge: 30, scope: PUBLIC) } ${ACCOUNT}`,
    /^films: Query.me: overrules the hint of Account/,
  ],
  [
    'a field that is kept longer than its type',
    `type Query { film: Film @cacheControl(maxAge: 60) } ${FILM}`,
    /^films: Query.film: overrules the hint of Film; its maxAge may be 30 at most$/,
  ],
  [
    'a guarded field that is public',
    `type Query { film: Film } type Film @cacheControl(maxAge: 30) { budget: Int @requiresScopes(scopes: [["a"]]) }`,
    /^films: Film.budget: is guarded; add @CacheControl\({ scope: 'PRIVATE' }\)$/,
  ],
  [
    'a guarded type that is public',
    'type Query { film: Film } type Film @authenticated @cacheControl(maxAge: 30) { id: ID! }',
    /^films: Film: is guarded/,
  ],
])('finds %s', (_, sdl, problem) => {
  expect(problemsOf(sdl)).toEqual([expect.stringMatching(problem)])
})

test('a guard counts wherever a subgraph put it', () => {
  const sdl = `type Query { film: Film } ${FILM}`
  const guarded = sdl.replace('id: ID!', 'id: ID! @authenticated')
  expect(problemsOf(sdl, guarded)).toEqual([expect.stringMatching(/^films: Film.id: is guarded/)])
})
