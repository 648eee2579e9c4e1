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

interface RootField {
  readonly operation: OperationTypeNode
  readonly field: string
}

/**
 * Asks for one root field with the least that is valid: the arguments it requires, and those that `values` name. Of an
 * object it selects `__typename`. Throws for a scalar it knows no value of.
 */
export const operationFor = (
  schema: GraphQLSchema,
  root: RootField,
  values: Values = {},
): Operation => joined(root.operation, [callFor(schema, root, values)])

/** A root field as a part of an operation. */
export interface Call {
  readonly declared: readonly string[]
  readonly text: string
  readonly variables: Operation['variables']
}

/** As `operationFor`; an alias tells it from others of the same operation, a selection in braces says what to ask of it. */
export function callFor(
  schema: GraphQLSchema,
  root: RootField & { readonly alias?: string; readonly selection?: string },
  values: Values,
): Call {
  const { operation, field: name, alias } = root
  const field = schema.getRootType(operation)?.getFields()[name]
  if (!field) throw new Error(`there is no ${operation} ${name}`)
  const given = field.args.filter((it) => isRequiredArgument(it) || isGiven(name, it, values))
  const variable = (arg: GraphQLArgument) => (alias ? `${alias}_${arg.name}` : arg.name)
  const passed = inBrackets(given.map((it) => `${it.name}: $${variable(it)}`))
  const selection = root.selection ?? selectionOf(field)
  return {
    declared: given.map((it) => `$${variable(it)}: ${String(it.type)}`),
    text: `${alias ? `${alias}: ` : ''}${name}${passed} ${selection}`,
    variables: Object.fromEntries(given.map((it) => [variable(it), valueOf(name, it, values)])),
  }
}

export const joined = (operation: OperationTypeNode, calls: readonly Call[]): Operation => ({
  query: `${operation} ${inBrackets(calls.flatMap((it) => it.declared))} { ${calls.map((it) => it.text).join(' ')} }`,
  variables: Object.fromEntries(calls.flatMap((it) => Object.entries(it.variables))),
})

const inBrackets = (parts: readonly string[]) => (parts.length > 0 ? `(${parts.join(', ')})` : '')

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
