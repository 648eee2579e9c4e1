import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'

type Field = GraphQLField<unknown, unknown>

/** A field that answers with many objects: a list or a connection. */
export interface ListField {
  /** Such as `Film.credits`. */
  readonly name: string
  readonly type: string
  readonly field: Field
}

const isConnection = ({ name }: GraphQLNamedType) => name.endsWith('Connection')
/** What stands between a list and its items, and is not an item itself. */
const isFrame = (type: GraphQLNamedType) => isConnection(type) || type.name.endsWith('Edge')

const isList = ({ type }: Field) =>
  isListType(getNullableType(type)) || isConnection(getNamedType(type))

/**
 * Every list of objects in the schema. The `edges` of a connection are the connection; a list of scalars comes with its
 * object, and what it costs counts there.
 */
export function listFieldsOf(schema: GraphQLSchema): ListField[] {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType)
  return types
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => isList(field) && !isLeafType(getNamedType(field.type)))
        .filter(({ name }) => !(isConnection(type) && name === 'edges'))
        .map((field) => ({ name: `${type.name}.${field.name}`, type: type.name, field })),
    )
}

/** Asks for a field with all that is in it, `depth` objects deep; lists within it with two items. */
export function selectionOf(
  schema: GraphQLSchema,
  field: Field,
  { args = '', depth = 2 }: { args?: string; depth?: number } = {},
): string {
  const type = getNamedType(field.type)
  const passed = args || (field.args.some(({ name }) => name === 'first') ? 'first: 2' : '')
  const selected = isLeafType(type) ? '' : ` { ${everything(schema, type, depth)} }`
  return `${field.name}${passed && `(${passed})`}${selected}`
}

/** All that there is of a type, `depth` objects deep. */
export function everything(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): string {
  if (isAbstractType(type)) {
    const parts = schema
      .getPossibleTypes(type)
      .map((it) => `... on ${it.name} { ${everything(schema, it, depth)} }`)
    return ['__typename', ...parts].join(' ')
  }
  const fields = Object.values((type as GraphQLObjectType).getFields())
    .filter((field) => !field.args.some(isRequiredArgument))
    .filter(
      (field) =>
        depth > 0 || isLeafType(getNamedType(field.type)) || isFrame(getNamedType(field.type)),
    )
  return [
    '__typename',
    ...fields.map((field) =>
      selectionOf(schema, field, { depth: depth - (isFrame(type) ? 0 : 1) }),
    ),
  ].join(' ')
}
