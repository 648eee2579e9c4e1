import { describe, expect, test } from 'vitest'
import { compose, CompositionError } from './compose.js'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@inaccessible", "@shareable"])`

const HINTS = `directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
  enum CacheControlScope { PRIVATE PUBLIC }`
const KEPT = '@cacheControl(maxAge: 30)'

const film = (more = '') => `${LINK} ${HINTS}
  "Everything that can be read."
  type Query { "One film." film: Film }
  "A film."
  type Film @key(fields: "id") ${KEPT} { "Its id." id: ID! "Its name." name(long: Boolean = false): String @inaccessible ${more} }`

const people = (more = '') => `${LINK} ${HINTS}
  type Film @key(fields: "id") ${KEPT} { id: ID! name(long: Boolean = false): String @external ${more} }`

function problemsOf(...sdl: string[]): readonly string[] {
  const subgraphs = sdl.map((text, index) => ({ name: `s${index}`, url: 'http://s', sdl: text }))
  try {
    compose(subgraphs)
    return []
  } catch (error) {
    if (error instanceof CompositionError) return error.problems
    throw error
  }
}

describe('composition', () => {
  test('gives the supergraph, and an API schema without what is inaccessible', () => {
    const { supergraph, apiSchema } = compose([{ name: 'films', url: 'http://f', sdl: film() }])
    expect(supergraph).toContain('@join__graph(name: "films", url: "http://f")')
    expect(apiSchema).toContain('film: Film')
    expect(apiSchema).not.toContain('name')
    expect(supergraph + apiSchema).not.toMatch(/cacheControl/i)
  })

  test('refuses schemas that do not fit', () => {
    const other = `${LINK} type Query { film: Int }`
    expect(problemsOf(film(), other).join()).toContain('is incompatible across subgraphs')
  })

  test('takes a hint for an error', () => {
    const other = `${LINK}
      "Everything, told otherwise." type Query { "Two." two: Int }`
    expect(problemsOf(film(), other).join()).toContain('Everything, told otherwise')
  })
})

describe('the lint of what clients see', () => {
  test.each([
    [
      'a type without a description',
      `"O." other: Other } type Other ${KEPT} { "It." it: Int`,
      /^Other: has no description/,
    ],
    ['a field without a description', 'year: Int', /^Film.year: has no description/],
    [
      'an argument without a description',
      '"Y." year(of: Int): Int',
      /^Film.year\(of:\): has no description/,
    ],
    ['a field that is not in camel case', '"Y." Release_year: Int', /^Film.Release_year: the name/],
    [
      'a type that is not in Pascal case',
      `"O." o: other } "O." type other ${KEPT} { "It." it: Int`,
      /^other: the name/,
    ],
    [
      'an enum value in small letters',
      '"O." o: Of } "O." enum Of { "One." one',
      /^Of.one: the name/,
    ],
    [
      'an enum value without a description',
      '"O." o: Of } "O." enum Of { ONE',
      /^Of.ONE: has no description/,
    ],
    [
      'an input that is not called one',
      '"O." o("It." it: What): Int } "W." input What { "It." it: Int',
      /^What: the name/,
    ],
    [
      'a connection without totalCount',
      `"C." c("F." first: Int): ConConnection } "C." type ConConnection ${KEPT} { "E." edges: Int "P." pageInfo: Int`,
      /^ConConnection: a connection needs the field totalCount/,
    ],
    [
      'a connection without first',
      `"C." c: ConConnection } "C." type ConConnection ${KEPT} { "E." edges: Int "P." pageInfo: Int "T." totalCount: Int`,
      /^Film.c: a connection needs the argument first/,
    ],
  ])('finds %s', (_, more, problem) => {
    expect(problemsOf(film(more))).toEqual([expect.stringMatching(problem)])
  })

  test('finds an argument inside @requires, and only there', () => {
    const requires = (fields: string) => people(`"It." it: Int @requires(fields: "${fields}")`)
    expect(problemsOf(film(), requires('name'))).toEqual([])
    expect(problemsOf(film(), requires('name(long: true)'))).toEqual([
      's1: @requires of field it has an argument',
    ])
  })
})

describe('authorization', () => {
  const guarded = (mutations: string) => `extend schema @link(
      url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes"])
    ${HINTS}
    "Everything that can be read." type Query { "It." it: Int ${KEPT} }
    "Everything that can be changed." type Mutation { ${mutations} }`
  const problemsWith = (publicMutations: readonly string[], mutations: string) => {
    try {
      compose([{ name: 'users', url: 'http://u', sdl: guarded(mutations) }], publicMutations)
      return []
    } catch (error) {
      return (error as CompositionError).problems
    }
  }

  test('is composed into the supergraph, and not seen in the API schema', () => {
    const sdl = guarded('"A." a: Int @authenticated "B." b: Int @requiresScopes(scopes: [["b:c"]])')
    const { supergraph, apiSchema } = compose([{ name: 'users', url: 'http://u', sdl }])
    expect(supergraph).toMatch(/a: Int @authenticated\n/)
    expect(supergraph).toMatch(/b: Int @requiresScopes\(scopes: \[\["b:c"\]\]\)\n/)
    expect(apiSchema).not.toMatch(/authenticated|requiresScopes|directive/)
  })

  test('is asked of every mutation that is not public by name', () => {
    expect(problemsWith([], '"A." a: Int @authenticated "B." b: Int "C." c: Int')).toEqual([
      expect.stringMatching(/^Mutation.b: carries neither .* named in .*public-mutations.ts$/),
      expect.stringMatching(/^Mutation.c: /),
    ])
    expect(problemsWith(['b'], '"A." a: Int @authenticated "B." b: Int')).toEqual([])
  })

  test('knows no public mutation that is not there or is guarded', () => {
    expect(problemsWith(['a', 'b'], '"A." a: Int @authenticated')).toEqual([
      expect.stringMatching(/^Mutation.b: does not exist/),
      expect.stringMatching(/^Mutation.a: is guarded/),
    ])
  })
})
