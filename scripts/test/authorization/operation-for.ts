import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  getNamedType,
  type OperationTypeNode,
} from 'graphql'

/** Values by the name of the argument or input field, or by `field.name` where that of one field differs. */
export type Values = Readonly<Record<string, unknown>>

export interface Operation {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** What any argument of a scalar takes that `Values` do not name. */
const SCALARS: Values = {
  ID: '01900000-0000-7000-8000-00000000abcd',
  String: 'text',
  Int: 1,
  Float: 1,
  Boolean: true,
  Date: '2030-01-31',
  DateTime: '2030-01-31T12:00:00.000Z',
}

/**
 * Asks for one root field with the least that is valid: the arguments it requires, and those that `values` name. Of an
 * object it selects `__typename`. Throws for a scalar it knows no value of.
 */
export function operationFor(
  schema: GraphQLSchema,
  { operation, field: name }: { operation: OperationTypeNode; field: string },
  values: Values = {},
): Operation {
  const field = schema.getRootType(operation)?.getFields()[name]
  if (!field) throw new Error(`there is no ${operation} ${name}`)
  const given = field.args.filter((it) => isRequiredArgument(it) || isGiven(name, it, values))
  const names = (separator: string, text: (arg: GraphQLArgument) => string) =>
    given.length === 0 ? '' : `(${given.map(text).join(separator)})`
  const declared = names(', ', (it) => `$${it.name}: ${String(it.type)}`)
  const passed = names(', ', (it) => `${it.name}: $${it.name}`)
  return {
    query: `${operation} ${declared} { ${name}${passed} ${selectionOf(field)} }`,
    variables: Object.fromEntries(given.map((it) => [it.name, valueOf(name, it, values)])),
  }
}

const selectionOf = ({ type }: GraphQLField<unknown, unknown>) =>
  isLeafType(getNamedType(type)) ? '' : '{ __typename }'

type Input = GraphQLArgument | GraphQLInputField

const valueFor = (field: string, { name }: Input, values: Values): unknown =>
  values[`${field}.${name}`] ?? values[name]

const isGiven = (field: string, input: Input, values: Values) =>
  valueFor(field, input, values) !== undefined

function valueOf(field: string, input: Input, values: Values): unknown {
  const given = valueFor(field, input, values)
  return given === undefined ? minimal(input.type) : given

  function minimal(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return minimal(type.ofType)
    if (isListType(type)) return [minimal(type.ofType)]
    if (isEnumType(type)) return type.getValues()[0]!.name
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields())
      const needed = fields.filter((it) => isRequiredInputField(it) || isGiven(field, it, values))
      return Object.fromEntries(needed.map((it) => [it.name, valueOf(field, it, values)]))
    }
    const value = SCALARS[type.name]
    if (value === undefined) throw new Error(`no value of the scalar ${type.name} is known`)
    return value
  }
}
