import { Supergraph } from '@apollo/federation-internals'
import type { Viewer } from '@cinegraph/kit/identity'
import {
  type ConstDirectiveNode,
  defaultFieldResolver,
  type DocumentNode,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  isTypeDefinitionNode,
  Kind,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { composeGuarded, createMutations, GUARDED_SDL, queries } from './guarded-subgraphs.js'

type Variables = Readonly<Record<string, unknown>>

/** What clients see of the guarded subgraphs. */
export const guardedSchema: GraphQLSchema = Supergraph.build(
  composeGuarded({ shelves: 'http://a', reviews: 'http://b' }),
  { supportedFeatures: null },
)
  .apiSchema()
  .toGraphQLJSSchema()

interface Guard {
  coordinate: string
  passes: (viewer: Viewer) => boolean
}

/** What the directives in the subgraphs say, by type or field. */
const guards: Guard[] = Object.values(GUARDED_SDL).flatMap((sdl) =>
  parse(sdl).definitions.flatMap((it) => {
    if (!isTypeDefinitionNode(it)) return []
    const type = it.name.value
    const fields = 'fields' in it ? (it.fields ?? []) : []
    return [
      ...guardsBy(type, it.directives),
      ...fields.flatMap((field) => guardsBy(`${type}.${field.name.value}`, field.directives)),
    ]
  }),
)

function guardsBy(coordinate: string, directives: readonly ConstDirectiveNode[] = []): Guard[] {
  return directives.flatMap(({ name, arguments: args }) => {
    if (name.value === 'authenticated') {
      return { coordinate, passes: (viewer) => viewer.kind === 'user' }
    }
    if (name.value !== 'requiresScopes') return []
    const scopes = valueFromASTUntyped(args![0]!.value) as string[][]
    return {
      coordinate,
      passes: ({ permissions }) =>
        scopes.some((all) => all.every((it) => (permissions as readonly string[]).includes(it))),
    }
  })
}

const passes = (coordinate: string, viewer: Viewer) =>
  guards.every((it) => it.coordinate !== coordinate || it.passes(viewer))

const mayReturn = (type: GraphQLNamedType, viewer: Viewer): boolean =>
  isAbstractType(type)
    ? guardedSchema.getPossibleTypes(type).some((it) => passes(it.name, viewer))
    : passes(type.name, viewer)

/** Whether a viewer may select a field on a type; on an interface: on each that implements it. */
export function maySelect(typeName: string, field: string, viewer: Viewer): boolean {
  const type = guardedSchema.getType(typeName)
  if (field.startsWith('__')) return true
  if (isAbstractType(type)) {
    return guardedSchema.getPossibleTypes(type).every((it) => maySelect(it.name, field, viewer))
  }
  if (!isObjectType(type)) throw new Error(`${typeName} has no fields`)
  return (
    passes(typeName, viewer) &&
    passes(`${typeName}.${field}`, viewer) &&
    mayReturn(getNamedType(type.getFields()[field]!.type), viewer)
  )
}

export interface Question {
  document: DocumentNode
  variables: Variables
  viewer: Viewer
}

/** The data of the whole operation, executed on one schema with null for each field that the viewer may not have. */
export async function referenceData({ document, variables, viewer }: Question): Promise<unknown> {
  const selectedOn = new Map<FieldNode, string>()
  const info = new TypeInfo(guardedSchema)
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: (node) => void selectedOn.set(node, info.getParentType()!.name),
    }),
  )
  const { data } = await execute({
    schema: guardedSchema,
    document,
    variableValues: variables,
    rootValue: { ...queries, ...createMutations([]) },
    fieldResolver: (...asked) =>
      asked[3].fieldNodes.every((it) => maySelect(selectedOn.get(it)!, it.name.value, viewer))
        ? defaultFieldResolver(...asked)
        : null,
  })
  return data
}

/** Where the operation asks for what the viewer may not have: every fragment written out, one path at a time. */
export function referencePaths({ document, variables, viewer }: Question): Set<string> {
  const paths = new Set<string>()
  const operation = document.definitions.find((it) => it.kind === Kind.OPERATION_DEFINITION)!
  const fragments = document.definitions.filter((it) => it.kind === Kind.FRAGMENT_DEFINITION)
  const values: Record<string, unknown> = { ...variables }
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue) values[variable.name.value] ??= valueFromASTUntyped(defaultValue)
  }
  const condition = (selection: SelectionNode, name: string): unknown => {
    const given = selection.directives?.find((it) => it.name.value === name)?.arguments![0]!.value
    return given && valueFromASTUntyped(given, values)
  }
  const walk = (set: SelectionSetNode, type: string, path: readonly string[]): void => {
    for (const selection of set.selections) {
      if (condition(selection, 'skip') === true || condition(selection, 'include') === false)
        continue
      if (selection.kind === Kind.FIELD) walkField(selection, type, path)
      else {
        const fragment: { selectionSet: SelectionSetNode } & Partial<FragmentDefinitionNode> =
          selection.kind === Kind.INLINE_FRAGMENT
            ? (selection as never)
            : fragments.find((it) => it.name.value === selection.name.value)!
        walk(fragment.selectionSet, fragment.typeCondition?.name.value ?? type, path)
      }
    }
  }
  const walkField = (node: FieldNode, typeName: string, path: readonly string[]): void => {
    const here = [...path, (node.alias ?? node.name).value]
    const type = guardedSchema.getType(typeName)
    if (!maySelect(typeName, node.name.value, viewer)) paths.add(here.join('.'))
    else if (node.selectionSet && type && 'getFields' in type) {
      const returned = type.getFields()[node.name.value]!.type as GraphQLOutputType
      walk(node.selectionSet, getNamedType(returned).name, [...here, ...lists(returned)])
    }
  }
  walk(operation.selectionSet, guardedSchema.getRootType(operation.operation)!.name, [])
  return paths
}

function lists(type: GraphQLOutputType): string[] {
  if (isNonNullType(type)) return lists(type.ofType)
  return isListType(type) ? ['@', ...lists(type.ofType)] : []
}

/** The fields that a query to a subgraph asks for, as `Type.field`. */
export function fieldsAsked(schema: GraphQLSchema, query: string): [type: string, field: string][] {
  const asked: [string, string][] = []
  const info = new TypeInfo(schema)
  visit(
    parse(query),
    visitWithTypeInfo(info, {
      Field: (node) => void asked.push([info.getParentType()!.name, node.name.value]),
    }),
  )
  return asked.filter(([, field]) => !field.startsWith('_'))
}
