import {
  getNullableType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { Json } from '../execution/answers.js'
import type { Filtered } from './filter.js'
import { collectFields, type Reading, type Scope, scopesBelow } from './scopes.js'

/** A field of an object in the answer. */
interface Expected {
  readonly name: string
  /** Undefined for `__typename` and introspection. */
  readonly type: GraphQLOutputType | undefined
  readonly isRemoved: boolean
  readonly below: Shape
}

/** What the original operation selects of an object of this type. Looked up once per type, however long a list. */
type Shape = ((type: GraphQLObjectType) => readonly Expected[]) | undefined

/**
 * The answer to the original operation: what the filtered one brought, with null for each removed field and, where
 * none may be, for what it is in. A response name that is removed through one of its fields is null. Null when there
 * may be no null up to the root.
 */
export function withNulls(data: Json, filtered: Filtered, reading: Reading): Json | null {
  const { definition } = filtered.original
  const { schema } = reading
  const root = schema.getRootType(definition.operation)!
  const shape = shapeOf([{ set: definition.selectionSet, type: root.name }], filtered, reading)
  return shape ? completeObject(data, root, { schema, shape }) : data
}

function shapeOf(scopes: readonly Scope[], filtered: Filtered, reading: Reading): Shape {
  if (!scopes.some(({ set }) => filtered.changed.has(set))) return undefined
  const known = new Map<GraphQLObjectType, readonly Expected[]>()
  return (type) => {
    let expected = known.get(type)
    if (!expected) {
      expected = expectedOf(type, scopes, { filtered, reading })
      known.set(type, expected)
    }
    return expected
  }
}

function expectedOf(
  type: GraphQLObjectType,
  scopes: readonly Scope[],
  { filtered, reading }: { filtered: Filtered; reading: Reading },
): Expected[] {
  const { schema } = reading
  const applies = (on: string) => {
    const condition = schema.getType(on)
    return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type))
  }
  return [...collectFields(scopes, reading, applies)].map(([name, fields]) => ({
    name,
    type: type.getFields()[fields[0].node.name.value]?.type,
    isRemoved: fields.some(({ node }) => filtered.removed.has(node)),
    below: shapeOf(scopesBelow(schema, fields), filtered, reading),
  }))
}

interface Place {
  schema: GraphQLSchema
  shape: NonNullable<Shape>
}

function complete(value: unknown, type: GraphQLOutputType, place: Place): unknown {
  if (value === null || value === undefined) return null
  const nullable = getNullableType(type)
  if (isListType(nullable)) {
    const items = (value as unknown[]).map((it) => complete(it, nullable.ofType, place))
    return isNonNullType(nullable.ofType) && items.includes(null) ? null : items
  }
  const object = value as Json
  const told = isObjectType(nullable) ? nullable : typeTold(object, place.schema)
  return told ? completeObject(object, told, place) : object
}

function completeObject(
  object: Json,
  type: GraphQLObjectType,
  { schema, shape }: Place,
): Json | null {
  const completed = Object.create(null) as Record<string, unknown>
  for (const expected of shape(type)) {
    const value = valueOf(object, expected, schema)
    if (value === null && isNonNullType(expected.type)) return null
    completed[expected.name] = value
  }
  return completed
}

function valueOf(object: Json, { name, type, isRemoved, below }: Expected, schema: GraphQLSchema) {
  if (isRemoved) return null
  const value = object[name] ?? null
  return type && below ? complete(value, type, { schema, shape: below }) : value
}

function typeTold({ __typename }: Json, schema: GraphQLSchema): GraphQLObjectType | undefined {
  const type = typeof __typename === 'string' ? schema.getType(__typename) : undefined
  return isObjectType(type) ? type : undefined
}
