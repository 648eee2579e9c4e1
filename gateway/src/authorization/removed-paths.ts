import { getNullableType, type GraphQLOutputType, isListType } from 'graphql'
import type { Path } from '../execution/answers.js'
import type { Filtered } from './filter.js'
import {
  collectFields,
  fieldOf,
  type Reading,
  type Scope,
  scopesBelow,
  type Selected,
} from './scopes.js'

/** A removed field and where it would stand: response names from the root, `@` for the items of a list. */
export interface Removed extends Selected {
  readonly path: Path
}

// what aliases and fragments multiply may have no end; the limits of an operation bound it long before
const MAX_LEVELS = 10_000

/** The removed fields that `@skip` and `@include` leave in the answer, one per path. */
export function* removedPaths(
  { original, removed, changed }: Filtered,
  reading: Reading,
): Iterable<Removed> {
  const { schema } = reading
  const root = schema.getRootType(original.definition.operation)!.name
  let levels = 0

  function* inside(scopes: readonly Scope[], path: Path): Iterable<Removed> {
    const worthwhile = scopes.filter(({ set }) => changed.has(set))
    if (worthwhile.length === 0 || ++levels > MAX_LEVELS) return
    for (const [name, fields] of collectFields(worthwhile, reading, () => true)) {
      const gone = fields.find(({ node }) => removed.has(node))
      if (gone) yield { ...gone, path: [...path, name] }
      const left = fields.filter(({ node }) => !removed.has(node))
      const type = fieldOf(schema, fields[0])?.type
      if (type) yield* inside(scopesBelow(schema, left), [...path, name, ...itemsOf(type)])
    }
  }

  yield* inside([{ set: original.definition.selectionSet, type: root }], [])
}

function itemsOf(type: GraphQLOutputType): '@'[] {
  const nullable = getNullableType(type)
  return isListType(nullable) ? ['@', ...itemsOf(nullable.ofType)] : []
}
