import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  isInputObjectType,
} from 'graphql'

const NAMES_A_PERSON = /(user|account|viewer|owner|person)_?ids?$/i

/**
 * Arguments, and fields of inputs at any depth, with which a mutation can be told of whom it is to be: those of the type ID
 * and those with a name that ends like `userId`. As `endSession(id)`, `register(input.userId)`.
 */
export function idsInArguments(schema: GraphQLSchema, mutation: string): string[] {
  const { args } = schema.getMutationType()!.getFields()[mutation]!
  return args.flatMap((it) => idsIn(it)).map((path) => `${mutation}(${path})`)
}

/** `within` are the inputs around it: one may contain itself. */
function idsIn(
  { name, type }: GraphQLArgument | GraphQLInputField,
  within: readonly GraphQLInputObjectType[] = [],
): string[] {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) {
    return named.name === 'ID' || NAMES_A_PERSON.test(name) ? [name] : []
  }
  if (within.includes(named)) return []
  const fields = Object.values(named.getFields())
  return fields.flatMap((it) => idsIn(it, [...within, named])).map((path) => `${name}.${path}`)
}
