import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Path } from './answers.js'

/** What is asked: an operation and the fragments of its document, by name. */
export interface Operation {
  definition: OperationDefinitionNode
  fragments: Fragments
}

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

export function operationOf(
  definition: OperationDefinitionNode,
  { definitions }: DocumentNode,
): Operation {
  const fragments = definitions.filter((it) => it.kind === Kind.FRAGMENT_DEFINITION)
  return { definition, fragments: new Map(fragments.map((it) => [it.name.value, it])) }
}

/** Finds the longest beginning of a path that an operation selects, list positions included. */
export type SelectedPrefix = (path: Path) => Path

/** Looks at each selection set once, however many paths are asked about. */
export function createSelectedPrefix({ definition, fragments }: Operation): SelectedPrefix {
  const root = createLevel([definition.selectionSet], fragments)
  return (path) => {
    let level = root
    for (const [depth, key] of path.entries()) {
      if (typeof key === 'number') continue
      const next = level(key)
      if (!next) return path.slice(0, depth)
      level = next
    }
    return path
  }
}

/** What lies below a response name; undefined when it is not selected. */
type Level = (name: string) => Level | undefined

function createLevel(sets: readonly SelectionSetNode[], fragments: Fragments): Level {
  let below: Map<string, Level> | undefined
  return (name) => {
    below ??= levelsBelow(sets, fragments)
    return below.get(name)
  }
}

function levelsBelow(sets: readonly SelectionSetNode[], fragments: Fragments): Map<string, Level> {
  const fields = fieldsIn(
    sets.flatMap((it) => it.selections),
    fragments,
  )
  const byName = Map.groupBy(fields, responseName)
  return new Map(
    [...byName].map(([name, same]) => [
      name,
      createLevel(
        same.flatMap((field) => field.selectionSet ?? []),
        fragments,
      ),
    ]),
  )
}

/** Finds the response names that a subgraph query fetches: of `_entities` for one type, otherwise of the root. */
export type ResponseNames = (typename?: unknown) => readonly string[]

export function createResponseNames(query: string): ResponseNames {
  const document = parse(query, { noLocation: true })
  const definition = document.definitions.find((it) => it.kind === Kind.OPERATION_DEFINITION)!
  const { fragments } = operationOf(definition, document)
  const known = new Map<unknown, readonly string[]>()
  return (typename) => {
    let names = known.get(typename)
    if (!names) {
      names = namesFor(typename, { definition, fragments })
      known.set(typename, names)
    }
    return names
  }
}

function namesFor(typename: unknown, { definition, fragments }: Operation): string[] {
  const roots = fieldsIn(definition.selectionSet.selections, fragments)
  const entities =
    typename === undefined ? undefined : roots.find((it) => responseName(it) === '_entities')
  const fields = entities ? entityFields(entities, fragments, typename) : roots
  return [...new Set(fields.map(responseName))].filter((name) => name !== '__typename')
}

function entityFields(entities: FieldNode, fragments: Fragments, typename: unknown): FieldNode[] {
  const { selections } = entities.selectionSet!
  const ofType = selections.filter(
    (it) => it.kind === Kind.INLINE_FRAGMENT && it.typeCondition?.name.value === typename,
  )
  // a fragment on an interface names none of its types
  return fieldsIn(ofType.length > 0 ? ofType : selections, fragments)
}

/** Names of the fields of Query or Mutation that an operation asks for. */
export const rootFieldsOf = ({ definition, fragments }: Operation): string[] =>
  fieldsIn(definition.selectionSet.selections, fragments).map((it) => it.name.value)

/** The fields of selections, those inside fragments included, whatever their type conditions. */
function fieldsIn(selections: readonly SelectionNode[], fragments: Fragments): FieldNode[] {
  const fields: FieldNode[] = []
  // a second visit would bring the same fields again, and fragments that nest double with each level
  const visited = new Set<string>()
  const visit = (selection: SelectionNode): void => {
    if (selection.kind === Kind.FIELD) fields.push(selection)
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      selection.selectionSet.selections.forEach(visit)
    else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value)
      fragments.get(selection.name.value)?.selectionSet.selections.forEach(visit)
    }
  }
  selections.forEach(visit)
  return fields
}

export const responseName = (field: FieldNode): string => (field.alias ?? field.name).value
