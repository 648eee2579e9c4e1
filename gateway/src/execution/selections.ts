import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql'
import type { Path } from './answers.js'

/** What the client asked. */
export interface Operation {
  definition: OperationDefinitionNode
  fragments: readonly FragmentDefinitionNode[]
}

/** The longest beginning of `path` that the operation selects, list positions included. */
export function selectedPrefix({ definition, fragments }: Operation, path: Path): Path {
  let level: readonly SelectionSetNode[] = [definition.selectionSet]
  for (const [depth, key] of path.entries()) {
    if (typeof key === 'number') continue
    const fields = level.flatMap((set) => fieldsIn(set, fragments).filter(named(key)))
    if (fields.length === 0) return path.slice(0, depth)
    level = fields.flatMap((field) => field.selectionSet ?? [])
  }
  return path
}

/** The response names that a subgraph query fetches: of `_entities` for one type, otherwise of the root. */
export function responseNames(query: string, typename?: unknown): string[] {
  const { definitions } = parse(query, { noLocation: true })
  const fragments = definitions.filter((it) => it.kind === Kind.FRAGMENT_DEFINITION)
  const operation = definitions.find(
    (it): it is OperationDefinitionNode => it.kind === Kind.OPERATION_DEFINITION,
  )!
  const roots = fieldsIn(operation.selectionSet, fragments)
  const entities = typename === undefined ? undefined : roots.find(named('_entities'))
  const fields = entities ? entityFields(entities, fragments, typename) : roots
  return [...new Set(fields.map(responseName))].filter((name) => name !== '__typename')
}

function entityFields(
  entities: FieldNode,
  fragments: readonly FragmentDefinitionNode[],
  typename: unknown,
): FieldNode[] {
  const selections = entities.selectionSet!.selections
  const ofType = selections.filter(
    (it) => it.kind === Kind.INLINE_FRAGMENT && it.typeCondition?.name.value === typename,
  )
  // a fragment on an interface names none of its types
  const applied = ofType.length > 0 ? ofType : selections
  return fieldsIn({ kind: Kind.SELECTION_SET, selections: applied }, fragments)
}

/** The fields of a selection set, those inside fragments included, whatever their type conditions. */
function fieldsIn(
  { selections }: SelectionSetNode,
  fragments: readonly FragmentDefinitionNode[],
): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsIn(selection.selectionSet, fragments)
    const fragment = fragments.find((it) => it.name.value === selection.name.value)
    return fragment ? fieldsIn(fragment.selectionSet, fragments) : []
  })
}

const responseName = (field: FieldNode): string => (field.alias ?? field.name).value

const named = (name: string) => (field: FieldNode) => responseName(field) === name
