import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { type Fragments, responseName } from '../execution/selections.js'
import { isIncluded, type Variables } from './included.js'

/** A selection set on the type that it is written for. */
export interface Scope {
  readonly set: SelectionSetNode
  readonly type: string
}

/** A field as it is selected on a type. */
export interface Selected {
  readonly node: FieldNode
  readonly type: string
}

export interface Reading {
  readonly schema: GraphQLSchema
  readonly fragments: Fragments
  readonly variables: Variables
}

/**
 * The fields of an object by response name, as GraphQL collects them: what `@skip` and `@include` leave, fragments
 * opened where `applies` to their type, each named one once.
 */
export function collectFields(
  scopes: readonly Scope[],
  { fragments, variables }: Reading,
  applies: (type: string) => boolean,
): Map<string, [Selected, ...Selected[]]> {
  const fields = new Map<string, [Selected, ...Selected[]]>()
  const visited = new Set<string>()
  const add = (selected: Selected) => {
    const name = responseName(selected.node)
    const same = fields.get(name)
    if (same) same.push(selected)
    else fields.set(name, [selected])
  }
  const open = ({ set, type }: Scope): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, variables)) continue
      if (selection.kind === Kind.FIELD) add({ node: selection, type })
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        enter(selection.selectionSet, selection.typeCondition?.name.value ?? type)
      else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value)
        const { selectionSet, typeCondition } = fragments.get(selection.name.value)!
        enter(selectionSet, typeCondition.name.value)
      }
    }
  }
  const enter = (set: SelectionSetNode, type: string): void => {
    if (applies(type)) open({ set, type })
  }
  scopes.forEach(open)
  return fields
}

/** Undefined for `__typename` and introspection. */
export function fieldOf(
  schema: GraphQLSchema,
  { node, type }: Selected,
): GraphQLField<unknown, unknown> | undefined {
  const parent: GraphQLNamedType | undefined = schema.getType(type)
  return isObjectType(parent) || isInterfaceType(parent)
    ? parent.getFields()[node.name.value]
    : undefined
}

/** What lies below fields that share a response name. */
export const scopesBelow = (schema: GraphQLSchema, fields: readonly Selected[]): readonly Scope[] =>
  fields.flatMap((selected) => {
    const field = fieldOf(schema, selected)
    const set = selected.node.selectionSet
    return field && set ? { set, type: getNamedType(field.type).name } : []
  })
