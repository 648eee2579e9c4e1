import {
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import type { Operation } from '../execution/selections.js'

/** What an argument of a list says of its length; Relay connections and plain lists are all that is known here. */
const SIZE_ARGUMENTS = ['first', 'last', 'limit']
const LISTS_OF_A_CONNECTION = ['edges', 'nodes']
/** Taken for lists that announce no length. */
const ASSUMED_LENGTH = 10

/** Nodes of a selection set: those it has by itself, and those per item that the connection it is of is asked for. */
interface Count {
  fixed: number
  perItem: number
}

interface Question {
  schema: GraphQLSchema
  operation: Operation
  /** Coerced. */
  variables: Readonly<Record<string, unknown>>
}

/**
 * The items that all lists of the answer may hold together: the product of list lengths down the tree. A length is
 * what `first`, `last` or `limit` asks for, as literal, variable or default, of the list itself or, on a connection,
 * of its `edges` and `nodes` (of an object that has neither: of its lists). Lists of scalars cost nothing. Each fragment is visited once.
 */
export function countNodes({ schema, operation, variables }: Question): number {
  const { definition, fragments } = operation
  const known = new Map<string, Count>()
  // validation has seen to it that fragments are on such types
  const typeNamed = ({ name }: NamedTypeNode) => schema.getType(name.value) as GraphQLCompositeType

  const ofFragment = (name: string): Count => {
    let count = known.get(name)
    if (!count) {
      const { selectionSet, typeCondition } = fragments.get(name)!
      count = ofSet(selectionSet, typeNamed(typeCondition))
      known.set(name, count)
    }
    return count
  }

  const ofSet = ({ selections }: SelectionSetNode, type: GraphQLCompositeType): Count => {
    const sum: Count = { fixed: 0, perItem: 0 }
    for (const selection of selections) {
      const count = ofSelection(selection, type)
      sum.fixed += count.fixed
      sum.perItem += count.perItem
    }
    return sum
  }

  const ofSelection = (selection: SelectionNode, type: GraphQLCompositeType): Count => {
    if (selection.kind === Kind.FIELD) return ofField(selection, type)
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value)
    const { selectionSet, typeCondition } = selection
    return ofSet(selectionSet, typeCondition ? typeNamed(typeCondition) : type)
  }

  const ofField = (node: FieldNode, parent: GraphQLCompositeType): Count => {
    // introspection is no answer of a subgraph's, and GraphQL itself bounds it
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value]
    const type = field && getNamedType(field.type)
    if (!field || !node.selectionSet || !isCompositeType(type)) return { fixed: 0, perItem: 0 }
    const inside = ofSet(node.selectionSet, type)
    const length = announcedLength(node, field, variables)
    if (!isListType(getNullableType(field.type))) {
      return { fixed: inside.fixed + (length ?? ASSUMED_LENGTH) * inside.perItem, perItem: 0 }
    }
    const item = 1 + inside.fixed + ASSUMED_LENGTH * inside.perItem
    if (length === undefined && isSizedFromOutside(field, parent))
      return { fixed: 0, perItem: item }
    return { fixed: (length ?? ASSUMED_LENGTH) * item, perItem: 0 }
  }

  const { fixed, perItem } = ofSet(
    definition.selectionSet,
    schema.getRootType(definition.operation)!,
  )
  return fixed + ASSUMED_LENGTH * perItem
}

function announcedLength(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  variables: Question['variables'],
): number | undefined {
  const lengths = field.args
    .filter(({ name, type }) => SIZE_ARGUMENTS.includes(name) && getNamedType(type).name === 'Int')
    .map(({ name, defaultValue }) => {
      const given = node.arguments?.find((it) => it.name.value === name)
      return (given && intOf(given.value, variables)) ?? defaultValue
    })
    .filter((length) => typeof length === 'number')
  return lengths.length > 0 ? Math.max(0, ...lengths) : undefined
}

function intOf(value: ValueNode, variables: Question['variables']): unknown {
  if (value.kind === Kind.VARIABLE) return variables[value.name.value]
  return value.kind === Kind.INT ? Number(value.value) : undefined
}

/** Whether a list has the length that its object was asked with. */
function isSizedFromOutside({ name }: { name: string }, parent: GraphQLCompositeType): boolean {
  const fields = isUnionType(parent) ? {} : parent.getFields()
  const isConnection = LISTS_OF_A_CONNECTION.some((it) => it in fields)
  return !isConnection || LISTS_OF_A_CONNECTION.includes(name)
}
