import { getIntrospectionQuery, Kind, parse } from 'graphql'
import { expect, it } from 'vitest'
import { operationOf } from '../execution/selections.js'
import { measure } from './measure.js'
import { OPERATION_LIMITS } from './operation-limits.js'

function measured(text: string) {
  const document = parse(text)
  const definition = document.definitions.find((it) => it.kind === Kind.OPERATION_DEFINITION)!
  return measure(operationOf(definition, document))
}

it('counts what is written', () => {
  expect(measured('query @a { x: a @b { c { d } } e }')).toEqual({
    depth: 3,
    fields: 4,
    rootFields: 2,
    aliases: 1,
    directives: 2,
  })
})

it('counts a fragment wherever it is used', () => {
  const fragments = 'fragment F on A { x: b { c } ...G @a } fragment G on A { y: d { e { f } } }'
  expect(measured(`{ a { ...F } ...F ... @a { ...G } } ${fragments}`)).toEqual({
    depth: 4,
    fields: 1 + 5 + 5 + 3,
    rootFields: 1 + 2 + 1,
    aliases: 2 + 2 + 1,
    directives: 3,
  })
})

it('takes no longer for fragments that double with each level', () => {
  const levels = Array.from(
    { length: 60 },
    (_, index) => `fragment F${index} on A { ...F${index + 1} ...F${index + 1} }`,
  )
  const { fields } = measured(`{ ...F0 } ${levels.join(' ')} fragment F60 on A { a }`)
  expect(fields).toBe(2 ** 60)
})

it('lets tools read the schema', () => {
  const query = getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  })
  const { depth, fields } = measured(query)
  expect(depth).toBe(0)
  expect(fields).toBeLessThan(OPERATION_LIMITS.fields)
  expect(() => parse(query, { maxLexicalTokens: OPERATION_LIMITS.tokens })).not.toThrow()
})
