import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql'

/**
 * Selects everything below `type`. A type that is on the path already, as that of the next episode, is selected with its scalars
 * only. Throws where an argument would have to be invented.
 */
export function selectAll(type: GraphQLNamedType, path: readonly GraphQLNamedType[] = []): string {
  const within = [...path, type]
  if (isUnionType(type)) {
    const members = type.getTypes().map((it) => `... on ${it.name} ${selectAll(it, path)}`)
    return `{ __typename ${members.join(' ')} }`
  }
  if (!isObjectType(type)) return ''
  const isRepeated = path.includes(type)
  const fields = Object.values(type.getFields()).filter(
    (field) => !isRepeated || isLeafType(getNamedType(field.type)),
  )
  return `{ __typename ${fields.map((field) => selectField(type.name, field, within)).join(' ')} }`
}

function selectField(
  owner: string,
  field: GraphQLField<unknown, unknown>,
  path: readonly GraphQLNamedType[],
): string {
  const required = field.args.filter(isRequiredArgument)
  if (required.length > 0) throw new Error(`${owner}.${field.name} needs arguments: give it a case`)
  return `${field.name} ${selectAll(getNamedType(field.type), path)}`
}
