import type { Viewer } from '@cinegraph/kit/identity'
import { buildSchema, Kind, parse, print } from 'graphql'
import { expect, it } from 'vitest'
import { separateAuthorization } from './directives.js'
import { createPlans } from './plans.js'
import { isMet } from './requirement.js'
import { createRules } from './rules.js'

const TEXT = `
  directive @link(url: String) repeatable on SCHEMA
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT
  schema @link(url: "https://specs.apollo.dev/requiresScopes/v0.1") { query: Query }
  type Query { film: Film node: Node }
  type Film implements Node {
    id: ID cost: Int @requiresScopes(scopes: [["cost"]]) plan: Int @requiresScopes(scopes: [["plan"]])
    similar: Film
  }
  interface Node { id: ID }
`
const schema = buildSchema(TEXT)
const rules = createRules(schema, separateAuthorization(parse(TEXT)).guards)

const user = (...permissions: string[]): Viewer => ({
  ...{ kind: 'user', id: '1', sessionId: '1', roles: [] },
  permissions,
})

function asked(text: string) {
  const document = parse(text)
  const operation = document.definitions.find((it) => it.kind === Kind.OPERATION_DEFINITION)!
  return { document, operation, queryHash: text }
}

function planFor(text: string, viewer: Viewer, plans = createPlans(schema, rules)) {
  const question = asked(text)
  const unmet = plans.requirementsOf(question).filter((it) => !isMet(it, viewer))
  return plans.planFor(question, new Set(unmet)).planned
}

const planned = (text: string, viewer: Viewer): string =>
  print(planFor(text, viewer).document).replace(/\s+/g, ' ').trim()

const filtered: [string, string, string][] = [
  ['a field', '{ film { id cost } }', '{ film { id __typename } __typename }'],
  ['all of an object', '{ film { cost plan } }', '{ film { __typename } __typename }'],
  [
    'a fragment that holds nothing else',
    '{ film { id ...F ... { plan } } } fragment F on Film { cost ...G } fragment G on Film { plan }',
    '{ film { id __typename } __typename }',
  ],
  [
    'a part of a fragment, wherever it is used',
    '{ film { ...F similar { ...F } } } fragment F on Film { id @include(if: true) cost }',
    '{ film { ...F similar { ...F __typename } __typename } __typename } fragment F on Film { id @include(if: true) }',
  ],
  [
    'what a fragment on a type has of an interface',
    '{ node { id ... on Film { x: cost } } }',
    '{ node { id __typename } __typename }',
  ],
  [
    'nothing of other fields',
    '{ node { id } film { similar { id } cost } }',
    '{ node { id } film { similar { id } __typename } __typename }',
  ],
]
it.each(filtered)('takes out %s', (_what, text, expected) => {
  expect(planned(text, user())).toBe(expected)
})

it('gives equal operations one hash, and others another', () => {
  const hash = (text: string, ...permissions: string[]) =>
    planFor(text, user(...permissions)).queryHash
  const text = '{ film { id cost plan } }'
  expect(hash(text)).toBe(hash('{film{id plan cost}}'))
  expect(new Set([hash(text), hash(text, 'cost'), hash(text, 'plan'), text]).size).toBe(4)
})

it('keeps an operation for each outcome', () => {
  const plans = createPlans(schema, rules)
  const text = '{ film { cost plan } }'
  const first = planFor(text, user('cost', 'other'), plans)
  expect(planFor(text, user('cost'), plans)).toBe(first)
  expect(planFor(text, user('plan'), plans)).not.toBe(first)
})

it('keeps no more than it has room for', () => {
  const plans = createPlans(schema, rules)
  const text = '{ film { cost id } }'
  const first = planFor(text, user(), plans)
  const askForOthers = (count: number) => {
    for (let index = 0; index < count; index += 1) {
      planFor(`{ film { cost ${`x${index}`.repeat(50_000)}: id } }`, user(), plans)
    }
  }
  askForOthers(5)
  expect(planFor(text, user(), plans)).toBe(first)
  askForOthers(11)
  expect(planFor(text, user(), plans)).not.toBe(first)
})

it('takes no longer for fragments that double with each level, however deep', () => {
  const levels = Array.from(
    { length: 200 },
    (_, level) =>
      `fragment F${level} on Film { a: similar { ...F${level + 1} } b: similar { ...F${level + 1} } }`,
  )
  const text = `{ film { ...F0 } } ${levels.join(' ')} fragment F200 on Film { id cost }`
  const { document } = planFor(text, user())
  expect(print(document)).toMatch(/fragment F200 on Film \{\s+id\s+\}/)
})
