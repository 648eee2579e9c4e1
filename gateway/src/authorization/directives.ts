import { ConfigError } from '@cinegraph/kit/config'
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  print,
  visit,
} from 'graphql'
import type { Alternative } from './requirement.js'

const SPECS = 'https://specs.apollo.dev/'
const AUTHENTICATED = `${SPECS}authenticated/v0.1`
const REQUIRES_SCOPES = `${SPECS}requiresScopes/v0.1`
const POLICY = `${SPECS}policy/`

/** What a supergraph says of who may have what, and the rest of it. */
export interface Separated {
  /** The supergraph without authorization, as the planner takes it. */
  readonly supergraphSdl: string
  /** What each guarded type (`User`) and field (`User.email`) requires: any of the alternatives. */
  readonly guards: ReadonlyMap<string, readonly Alternative[]>
}

/** Takes `@authenticated` and `@requiresScopes` out of a supergraph. `@policy`, and scopes that say nothing, are a ConfigError. */
export function separateAuthorization(supergraph: DocumentNode): Separated {
  const links = supergraph.definitions.flatMap(linksOf)
  if (links.some(({ url }) => url.startsWith(POLICY))) {
    throw refuse('@policy is not enforced here; use @authenticated or @requiresScopes')
  }
  const names = {
    authenticated: directiveName(links, AUTHENTICATED),
    requiresScopes: directiveName(links, REQUIRES_SCOPES),
  }
  return {
    supergraphSdl: print(without(supergraph, links)),
    guards: joined(supergraph.definitions.flatMap((it) => [...guardsOf(it, names)])),
  }
}

/** What `@link` says of one specification. */
interface Link {
  url: string
  /** The name of the specification here, and the beginning of those of its types. */
  prefix: string
  /** Its directive of the same name. */
  directive: string
}

function linksOf(definition: DefinitionNode): Link[] {
  if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION)
    return []
  return (definition.directives ?? []).filter((it) => it.name.value === 'link').map(linkOf)
}

function linkOf(link: ConstDirectiveNode): Link {
  const url = textOf(argument(link, 'url')) ?? ''
  const name = url.split('/').at(-2) ?? ''
  const prefix = textOf(argument(link, 'as')) ?? name
  const imported = itemsOf(argument(link, 'import'))
    .map(importOf)
    .find((it) => it.name === `@${name}`)
  return { url, prefix, directive: imported?.as?.slice(1) ?? prefix }
}

/** An import is a name, or an object that gives it another one. */
function importOf(value: ConstValueNode): { name?: string | undefined; as?: string | undefined } {
  const name = textOf(value)
  if (value.kind !== Kind.OBJECT) return { name, as: name }
  const fields = new Map(value.fields.map((it) => [it.name.value, textOf(it.value)]))
  return { name: fields.get('name'), as: fields.get('as') ?? fields.get('name') }
}

const directiveName = (links: readonly Link[], url: string): string | undefined =>
  links.find((it) => it.url === url)?.directive

function without(supergraph: DocumentNode, links: readonly Link[]): DocumentNode {
  const ours = links.filter(({ url }) => url === AUTHENTICATED || url === REQUIRES_SCOPES)
  const isOurs = (name: string) => ours.some(({ directive }) => directive === name)
  return visit(supergraph, {
    Directive: (it) =>
      isOurs(it.name.value) || (it.name.value === 'link' && isOneOf(ours, it)) ? null : undefined,
    DirectiveDefinition: (it) => (isOurs(it.name.value) ? null : undefined),
    ScalarTypeDefinition: (it) =>
      ours.some(({ prefix }) => it.name.value.startsWith(`${prefix}__`)) ? null : undefined,
  })
}

const isOneOf = (links: readonly Link[], node: DirectiveNode) =>
  links.some(({ url }) => url === linkOf(node as ConstDirectiveNode).url)

interface Names {
  authenticated: string | undefined
  requiresScopes: string | undefined
}

type Guard = readonly [coordinate: string, anyOf: readonly Alternative[]]

function* guardsOf(definition: DefinitionNode, names: Names): Iterable<Guard> {
  if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) return
  const type = definition.name.value
  yield* guardsAt(type, definition.directives, names)
  for (const field of 'fields' in definition ? (definition.fields ?? []) : []) {
    yield* guardsAt(`${type}.${field.name.value}`, field.directives, names)
  }
}

function* guardsAt(
  coordinate: string,
  directives: readonly ConstDirectiveNode[] = [],
  { authenticated, requiresScopes }: Names,
): Iterable<Guard> {
  for (const directive of directives) {
    const name = directive.name.value
    if (name === authenticated) yield [coordinate, [{ loggedIn: true, permissions: [] }]]
    if (name === requiresScopes) yield [coordinate, scopesOf(directive, coordinate)]
  }
}

function scopesOf(directive: ConstDirectiveNode, coordinate: string): Alternative[] {
  const sets = itemsOf(argument(directive, 'scopes')).map((set) => itemsOf(set).map(textOf))
  if (sets.length === 0 || sets.some((set) => set.length === 0 || set.includes(undefined))) {
    throw refuse(`${coordinate}: @requiresScopes needs lists of names, none of them empty`)
  }
  return sets.map((set) => ({ loggedIn: false, permissions: set as string[] }))
}

/** All guards of a type or field count, also where it is told in several parts. */
function joined(guards: Iterable<Guard>): Map<string, readonly Alternative[]> {
  const all = new Map<string, readonly Alternative[]>()
  for (const [coordinate, anyOf] of guards) {
    const known = all.get(coordinate)
    all.set(coordinate, known ? both(known, anyOf) : anyOf)
  }
  return all
}

const both = (some: readonly Alternative[], others: readonly Alternative[]): Alternative[] =>
  some.flatMap((one) =>
    others.map((other) => ({
      loggedIn: one.loggedIn || other.loggedIn,
      permissions: [...new Set([...one.permissions, ...other.permissions])],
    })),
  )

const argument = (directive: ConstDirectiveNode, name: string): ConstValueNode | undefined =>
  directive.arguments?.find((it) => it.name.value === name)?.value

const textOf = (value: ConstValueNode | undefined): string | undefined =>
  value?.kind === Kind.STRING ? value.value : undefined

const itemsOf = (value: ConstValueNode | undefined): readonly ConstValueNode[] =>
  value?.kind === Kind.LIST ? value.values : []

const refuse = (reason: string) => new ConfigError([`SUPERGRAPH_PATH: ${reason}`])
