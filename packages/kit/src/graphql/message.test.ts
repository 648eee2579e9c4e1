import { buildSchema, getVariableValues, GraphQLError, Kind, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { shortened, withoutValues } from './message.js'

const SECRET = 'S3cret; at "i.login"; hidden'
const schema = buildSchema(`
  enum Language { EN RU }
  input LogIn { login: String!, tries: Int, language: Language, nested: LogIn }
  type Query { logIn(input: LogIn, text: String, count: Int, language: Language): Int }
`)

const ofVariable = (value: unknown): string => {
  const { definitions } = parse('query($i: LogIn) { logIn(input: $i) }')
  const [operation] = definitions.filter((it) => it.kind === Kind.OPERATION_DEFINITION)
  const { errors } = getVariableValues(schema, operation!.variableDefinitions!, { i: value })
  return withoutValues(errors![0]!)
}

const ofLiteral = (args: string): string =>
  withoutValues(validate(schema, parse(`{ logIn(${args}) }`))[0]!)

const syntaxError = (text: string): string => {
  try {
    parse(text)
  } catch (error) {
    return withoutValues(error as GraphQLError)
  }
  throw new Error('this parses')
}

describe('without the values it was given', () => {
  it.each([
    [
      'of a surplus field',
      () => ofVariable({ login: 'victim', password: SECRET }),
      'Variable "$i" got an invalid value; Field "password" is not defined by type "LogIn".',
    ],
    [
      'of a nested field',
      () => ofVariable({ login: 'victim', nested: { login: { secret: SECRET } } }),
      'Variable "$i" got an invalid value at "i.nested.login"; String cannot represent a non string value.',
    ],
    [
      'of a number',
      () => ofVariable({ login: 'victim', tries: SECRET }),
      'Variable "$i" got an invalid value at "i.tries"; Int cannot represent non-integer value.',
    ],
    [
      'of an enum',
      () => ofVariable({ login: 'victim', language: SECRET }),
      'Variable "$i" got an invalid value at "i.language"; This value does not exist in "Language" enum.',
    ],
    [
      'of an object',
      () => ofVariable(SECRET),
      'Variable "$i" got an invalid value; Expected type "LogIn" to be an object.',
    ],
    [
      'of a literal of another type',
      () => ofLiteral('text: { secret: "S3cret" }'),
      'String cannot represent a non string value.',
    ],
    [
      'of a literal where an object belongs',
      () => ofLiteral('input: "S3cret"'),
      'Expected value of type "LogIn".',
    ],
    [
      'of a literal where a constant belongs',
      () => ofLiteral('language: S3cret'),
      'This value does not exist in "Language" enum.',
    ],
    [
      'of a literal in the wrong place',
      () => syntaxError('{ logIn "S3cret" }'),
      'Syntax Error: Expected Name, found String.',
    ],
    [
      'of an argument that execution refuses',
      () => withoutValues(new GraphQLError('Argument "input" has invalid value "S3cret".')),
      'Argument "input" has invalid value.',
    ],
    [
      'of a variable that another server refused',
      () => withoutValues(new GraphQLError(`Variable "$i" got invalid value "${SECRET}"; no.`)),
      'Variable "$i" got an invalid value.',
    ],
  ])('the message %s keeps what was expected', (_name, message, expected) => {
    expect(message()).toBe(expected)
  })

  it('a message that prints none stays as it is', () => {
    expect(ofVariable({})).toContain('Field "login" of required type "String!" was not provided.')
    expect(ofLiteral('nothing: 1')).toBe('Unknown argument "nothing" on field "Query.logIn".')
  })
})

it('a message is cut after 300 characters', () => {
  expect(shortened('x'.repeat(300))).toBe('x'.repeat(300))
  expect(shortened('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`)
})
