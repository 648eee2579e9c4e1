import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Operation } from '../execution/selections.js'
import type { Requirement } from './requirement.js'
import type { Rules } from './rules.js'
import { fieldOf, type Selected } from './scopes.js'

/** An operation without the fields that its viewer may not have. */
export interface Filtered {
  /** As it was. */
  readonly original: Operation
  readonly operation: Operation
  readonly document: DocumentNode
  /** Fields of the original that are gone, and what each of them lacks. */
  readonly removed: ReadonlyMap<FieldNode, readonly Requirement[]>
  /** Selection sets of the original that have a removed field somewhere inside. */
  readonly changed: ReadonlySet<SelectionSetNode>
}

export interface Filtering {
  schema: GraphQLSchema
  rules: Rules
  isUnmet: (requirement: Requirement) => boolean
}

const TYPENAME: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
}

/**
 * Takes out every field with an unmet requirement. What it is taken out of asks for `__typename` instead: an object that
 * loses all that is selected is still executed, and one of an abstract type tells which nulls it gets. Each fragment is
 * visited once.
 */
export function filterOperation(original: Operation, filtering: Filtering): Filtered {
  const { schema, rules, isUnmet } = filtering
  const { fragments } = original
  const removed = new Map<FieldNode, readonly Requirement[]>()
  const changed = new Set<SelectionSetNode>()
  const kept = new Map<string, FragmentDefinitionNode | undefined>()

  /** Another object when something inside is gone, without selections when all is. */
  const filterSet = (set: SelectionSetNode, type: string): SelectionSetNode => {
    const filtered = set.selections.map((it) => filterSelection(it, type))
    if (filtered.every((it, index) => it === set.selections[index])) return set
    changed.add(set)
    return { ...set, selections: filtered.filter((it) => it !== undefined) }
  }

  const filterSelection = (selection: SelectionNode, type: string): SelectionNode | undefined => {
    if (selection.kind === Kind.FIELD) return filterField({ node: selection, type })
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const name = selection.name.value
      const fragment = filterFragment(name)
      return fragment === fragments.get(name) ? selection : fragment && { ...selection }
    }
    const { selectionSet, typeCondition } = selection
    const set = filterSet(selectionSet, typeCondition?.name.value ?? type)
    if (set === selectionSet) return selection
    return set.selections.length > 0 ? { ...selection, selectionSet: set } : undefined
  }

  const filterField = ({ node, type }: Selected): FieldNode | undefined => {
    const unmet = rules(type, node.name.value).filter(isUnmet)
    if (unmet.length > 0) {
      removed.set(node, unmet)
      return undefined
    }
    const field = fieldOf(schema, { node, type })
    if (!field || !node.selectionSet) return node
    const returned = getNamedType(field.type)
    const set = filterSet(node.selectionSet, returned.name)
    return set === node.selectionSet ? node : { ...node, selectionSet: withTypename(set) }
  }

  const filterFragment = (name: string): FragmentDefinitionNode | undefined => {
    if (kept.has(name)) return kept.get(name)
    const fragment = fragments.get(name)!
    const set = filterSet(fragment.selectionSet, fragment.typeCondition.name.value)
    const left = set.selections.length > 0 ? { ...fragment, selectionSet: set } : undefined
    kept.set(name, set === fragment.selectionSet ? fragment : left)
    return kept.get(name)
  }

  const { selectionSet: whole, operation } = original.definition
  const left = filterSet(whole, schema.getRootType(operation)!.name)
  const selectionSet = left === whole ? whole : withTypename(left)
  const definition = { ...original.definition, selectionSet }
  const definitions = [...kept].flatMap(([name, it]) => (it ? [[name, it] as const] : []))
  return {
    original,
    operation: { definition, fragments: new Map(definitions) },
    document: {
      kind: Kind.DOCUMENT,
      definitions: [definition, ...definitions.map(([, it]) => it)],
    },
    removed,
    changed,
  }
}

const withTypename = (set: SelectionSetNode): SelectionSetNode => ({
  ...set,
  selections: [...set.selections, TYPENAME],
})
