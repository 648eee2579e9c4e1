import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql'

/** What these lead to, from films and from reasons, has cases of its own. */
const ENTITIES = ['Film', 'Person', 'Genre']
const ABOVE = ['Film', 'RecommendationReason']

/** Whether it is of each film of a list: those of one film are asked for by cases of `Query.film`, these would only take long. */
const isListOfEach = (type: GraphQLNamedType, path: readonly GraphQLNamedType[]) =>
  type.name === 'RecommendationConnection' && path.some(({ name }) => name.endsWith('Connection'))

/**
 * Selects everything below `type`. A type that is on the path already, as that of the next episode, and entities below a film or a
 * reason are selected with their scalars only. Throws where an argument would have to be invented.
 */
export function selectAll(type: GraphQLNamedType, path: readonly GraphQLNamedType[] = []): string {
  const within = [...path, type]
  if (isUnionType(type)) {
    const members = type.getTypes().map((it) => `... on ${it.name} ${selectAll(it, path)}`)
    return `{ __typename ${members.join(' ')} }`
  }
  if (!isObjectType(type)) return ''
  const isBelow = ENTITIES.includes(type.name) && path.some(({ name }) => ABOVE.includes(name))
  const isShort = path.includes(type) || isBelow
  const fields = Object.values(type.getFields()).filter(({ type: of }) => {
    const result = getNamedType(of)
    return (!isShort || isLeafType(result)) && !isListOfEach(result, within)
  })
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
