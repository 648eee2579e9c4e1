import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeNode,
  type UnionTypeDefinitionNode,
  valueFromASTUntyped,
  visit,
} from 'graphql'
import { isGuarded } from './mutation-lint.js'

type CompositeType =
  ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode

const PRIVATE = "@CacheControl({ scope: 'PRIVATE' })"
const HINT = `@CacheControl({ maxAge: SECONDS }) or, if it depends on who asks, ${PRIVATE}`
const NESTED = `@CacheControl({ inheritMaxAge: true }), ${HINT}`

/** Composition has no use for hints, but would take their enum over into the supergraph. */
export const withoutCacheControl = (sdl: DocumentNode): DocumentNode =>
  visit(sdl, {
    Directive: ({ name }) => (name.value === 'cacheControl' ? null : undefined),
    DirectiveDefinition: ({ name }) => (name.value === 'cacheControl' ? null : undefined),
    EnumTypeDefinition: ({ name }) => (name.value === 'CacheControlScope' ? null : undefined),
  })

/**
 * One line per place of a subgraph where Apollo Server would not find what it takes to keep an answer, or would keep one
 * that is for some viewers only. What only mutations return is left out: their answers are never kept.
 */
export function lintCaching(
  { name: subgraph, sdl }: { name: string; sdl: DocumentNode },
  supergraph: DocumentNode,
): string[] {
  const guarded = guardedIn(supergraph)
  const types = new Map(sdl.definitions.filter(isComposite).map((it) => [it.name.value, it]))
  const problems: string[] = []
  const visited = new Set<string>()

  const objectsOf = (type: CompositeType): CompositeType[] => {
    if (type.kind === Kind.OBJECT_TYPE_DEFINITION) return [type]
    if (type.kind === Kind.UNION_TYPE_DEFINITION)
      return (type.types ?? []).map((it) => types.get(it.name.value)!)
    return [...types.values()].filter((it) => implementsType(it, type.name.value))
  }

  function lintType(type: CompositeType): void {
    const { value: name } = type.name
    if (visited.has(name)) return
    visited.add(name)
    if (guarded.has(name) && !isPrivate(type)) problems.push(`${name}: is guarded; add ${PRIVATE}`)
    if (isEntity(type) && !Number.isFinite(secondsOf(type))) {
      problems.push(`${name}: is an entity, which the gateway may ask for by itself; add ${HINT}`)
    }
    if ('fields' in type) for (const field of type.fields ?? []) lintField(type, field)
  }

  function lintField(parent: CompositeType, field: FieldDefinitionNode): void {
    const where = `${parent.name.value}.${field.name.value}`
    const returned = types.get(namedType(field.type))
    const own = secondsOf(field)
    const told = own ?? secondsOf(returned)
    const isRoot = parent.name.value === 'Query'
    if (isRoot ? !Number.isFinite(told) : returned && told === undefined) {
      problems.push(
        `${where}: neither it nor the type it returns says how long it may be cached; add ${isRoot ? HINT : NESTED}`,
      )
    }
    if (guarded.has(where) && ![field, returned, parent].some(isPrivate)) {
      problems.push(`${where}: is guarded; add ${PRIVATE}`)
    }
    if (!returned) return
    const objects = objectsOf(returned)
    const isAbstract = returned.kind !== Kind.OBJECT_TYPE_DEFINITION
    for (const object of objects) {
      const most = secondsOf(object) ?? Infinity
      // an inherited time never overrules that of the type, unless the type stands behind a union or interface
      if (told !== undefined && told > most && (isAbstract || told !== Infinity)) {
        problems.push(
          `${where}: overrules the hint of ${object.name.value}; its maxAge may be ${most} at most`,
        )
      }
      lintType(object)
    }
  }

  for (const type of types.values())
    if (type.name.value === 'Query' || isEntity(type)) lintType(type)
  return problems.map((it) => `${subgraph}: ${it}`)
}

/** Types and fields, as `User` and `User.email`. */
function guardedIn(supergraph: DocumentNode): Set<string> {
  const guarded = new Set<string>()
  for (const type of supergraph.definitions.filter(isComposite)) {
    if (isGuarded(type)) guarded.add(type.name.value)
    const fields = 'fields' in type ? (type.fields ?? []) : []
    for (const field of fields.filter(isGuarded))
      guarded.add(`${type.name.value}.${field.name.value}`)
  }
  return guarded
}

const isComposite = (node: { kind: Kind }): node is CompositeType =>
  [
    Kind.OBJECT_TYPE_DEFINITION,
    Kind.INTERFACE_TYPE_DEFINITION,
    Kind.UNION_TYPE_DEFINITION,
  ].includes(node.kind)

const implementsType = (type: CompositeType, name: string): boolean =>
  type.kind === Kind.OBJECT_TYPE_DEFINITION &&
  (type.interfaces ?? []).some((it) => it.name.value === name)

const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)

interface Hinted {
  readonly directives?: readonly ConstDirectiveNode[]
}

const isEntity = ({ directives = [] }: Hinted): boolean =>
  directives.some(({ name }) => name.value === 'key')

function hintOf(node: Hinted | undefined): ReadonlyMap<string, unknown> {
  const directive = node?.directives?.find(({ name }) => name.value === 'cacheControl')
  const given = directive?.arguments ?? []
  return new Map(given.map((it) => [it.name.value, valueFromASTUntyped(it.value)]))
}

const isPrivate = (node: Hinted | undefined): boolean => hintOf(node).get('scope') === 'PRIVATE'

/** For how long everybody may share it: Infinity as long as what it is in, undefined when it does not say. */
function secondsOf(node: Hinted | undefined): number | undefined {
  if (isPrivate(node)) return 0
  const hint = hintOf(node)
  if (hint.get('inheritMaxAge') === true) return Infinity
  const maxAge = hint.get('maxAge')
  return maxAge === undefined ? undefined : Number(maxAge)
}
