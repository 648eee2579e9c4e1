import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { buildSchema } from 'graphql'
import { describe, expect, test } from 'vitest'
import { ROOT, SUPERGRAPH } from '../../src/paths.js'
import { guardedIn } from './guarded-fields.js'
import { idsInArguments } from './ids-in-arguments.js'

/** Ids that mutations without a permission take all the same, and why nobody gets at others by them. */
const JUSTIFIED: Readonly<Record<string, string>> = {
  'endSession(id)': 'a session; it is looked for among those of the viewer',
  'hideRecommendation(filmId)': 'a film; it is hidden for the viewer alone, who has to see it',
  'unhideRecommendation(filmId)': 'a film; it is shown again to the viewer alone',
}

describe('mutations that need no permission', async () => {
  const read = (file: string) => readFile(path.join(ROOT, file), 'utf8')
  const schema = buildSchema(await read('gateway/api-schema.graphql'))
  const withPermission = guardedIn(await readFile(SUPERGRAPH, 'utf8'))
    .filter(({ alternatives }) => alternatives.every((scopes) => scopes.length > 0))
    .map(({ type, field }) => `${type}.${field}`)
  const mutations = Object.keys(schema.getMutationType()!.getFields())
  const open = mutations.filter((it) => !withPermission.includes(`Mutation.${it}`))

  test('are not told by an id who asks: that is in the token', () => {
    expect(open.length).toBeGreaterThan(15)
    expect(open.flatMap((it) => idsInArguments(schema, it))).toEqual(Object.keys(JUSTIFIED))
  })
})

test('ids are found by type and by name, at any depth', () => {
  const schema = buildSchema(`
    input Inner { AccountID: String, note: String, again: Outer }
    input Outer { inner: [Inner!]!, id: ID }
    type Query { a: Int }
    type Mutation {
      one(userId: String!, session: ID!, note: String): Int
      two(input: Outer!): Int
      three(valid: Boolean, paid: Int): Int
    }
  `)
  expect(['one', 'two', 'three'].map((it) => idsInArguments(schema, it))).toEqual([
    ['one(userId)', 'one(session)'],
    ['two(input.inner.AccountID)', 'two(input.id)'],
    [],
  ])
})
