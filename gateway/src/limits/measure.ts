import { Kind, type SelectionNode, type SelectionSetNode } from 'graphql'
import type { Operation } from '../execution/selections.js'

export interface Measures {
  depth: number
  fields: number
  rootFields: number
  aliases: number
  directives: number
}

const NOTHING: Measures = { depth: 0, fields: 0, rootFields: 0, aliases: 0, directives: 0 }

/** Measures an operation with valid fragments. Each fragment is visited once, so this takes linear time. */
export function measure({ definition, fragments }: Operation): Measures {
  const known = new Map<string, Measures>()

  const ofFragment = (name: string): Measures => {
    let measures = known.get(name)
    if (!measures) {
      measures = ofSet(fragments.get(name)!.selectionSet)
      known.set(name, measures)
    }
    return measures
  }

  const ofSet = ({ selections }: SelectionSetNode): Measures => {
    const sum = { ...NOTHING }
    for (const selection of selections) add(sum, ofSelection(selection))
    return sum
  }

  const ofSelection = (selection: SelectionNode): Measures => {
    const directives = selection.directives?.length ?? 0
    if (selection.kind !== Kind.FIELD) {
      const inside =
        selection.kind === Kind.INLINE_FRAGMENT
          ? ofSet(selection.selectionSet)
          : ofFragment(selection.name.value)
      return { ...inside, directives: inside.directives + directives }
    }
    const inside = selection.selectionSet ? ofSet(selection.selectionSet) : NOTHING
    const introspects = selection.name.value.startsWith('__')
    return {
      // GraphQL itself bounds how deep introspection goes, and tools go deep
      depth: introspects ? 0 : inside.depth + 1,
      fields: inside.fields + 1,
      rootFields: 1,
      aliases: inside.aliases + (selection.alias ? 1 : 0),
      directives: inside.directives + directives,
    }
  }

  const measures = ofSet(definition.selectionSet)
  const directives = measures.directives + (definition.directives?.length ?? 0)
  return { ...measures, directives }
}

function add(sum: Measures, other: Measures): void {
  sum.depth = Math.max(sum.depth, other.depth)
  sum.fields += other.fields
  sum.rootFields += other.rootFields
  sum.aliases += other.aliases
  sum.directives += other.directives
}
