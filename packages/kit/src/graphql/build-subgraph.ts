import 'reflect-metadata'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { type GraphQLSchema, lexicographicSortSchema, parse, visit } from 'graphql'
import { buildSchema, type ClassType, createResolversMap, type NonEmptyArray } from 'type-graphql'
import { CACHE_CONTROL } from './cache-control.js'
import { renewDefaults } from './enum-defaults.js'

const FEDERATION = 'https://specs.apollo.dev/federation/v2.9'
const FEDERATION_DIRECTIVES = [
  ...['authenticated', 'cost', 'external', 'inaccessible', 'interfaceObject', 'key', 'listSize'],
  ...['override', 'policy', 'provides', 'requires', 'requiresScopes', 'shareable', 'tag'],
]

/** Answers a reference `{ __typename, ...key }` with the entity, or null when the viewer may not see it. */
// the context's type differs per subgraph; each reference file declares its own
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ResolveReference = (reference: any, context: any) => unknown

export interface SubgraphDefinition {
  /** Resolver instances; their classes are what the schema is built from, so none can be left unwired. */
  resolvers: readonly object[]
  /** Object types that no resolver returns by itself, such as entities of other subgraphs. */
  orphanedTypes?: readonly ClassType[]
  references?: Readonly<Record<string, ResolveReference>>
}

/** The only caller of TypeGraphQL's buildSchema: its metadata is global to the process. */
export async function buildSubgraph(
  definition: SubgraphDefinition,
): Promise<{ schema: GraphQLSchema; sdl: string }> {
  const { orphanedTypes = [], references = {} } = definition
  const instances = new Map<unknown, object>(definition.resolvers.map((it) => [it.constructor, it]))
  const plain = await buildSchema({
    resolvers: [...instances.keys()] as unknown as NonEmptyArray<ClassType>,
    orphanedTypes: [...orphanedTypes],
    directives: [CACHE_CONTROL],
    container: { get: (resolver) => instances.get(resolver) },
    validate: false,
    // this schema has no federation directives yet; buildSubgraphSchema validates the whole
    skipCheck: true,
  })
  describeRoots(plain)
  const body = printSchemaWithDirectives(lexicographicSortSchema(plain))
  const used = directivesIn(body)
  const imports = FEDERATION_DIRECTIVES.filter((name) => used.has(name))
    .map((name) => `"@${name}"`)
    .join(', ')
  const sdl = `extend schema @link(url: "${FEDERATION}", import: [${imports}])\n\n${body}\n`
  const resolvers = createResolversMap(plain) as Record<string, object>
  for (const [type, resolveReference] of Object.entries(references)) {
    // thrown and not rejected, an error of one reference would take all the others with it
    const __resolveReference: ResolveReference = async (reference, context) =>
      resolveReference(reference, context)
    resolvers[type] = { ...resolvers[type], __resolveReference }
  }
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }])
  renewDefaults(schema)
  return { schema, sdl }
}

/** TypeGraphQL has no place for these, and subgraphs that differ here would not compose without a hint. */
function describeRoots(schema: GraphQLSchema): void {
  const roots = [
    [schema.getQueryType(), 'Everything that can be read.'],
    [schema.getMutationType(), 'Everything that can be changed.'],
  ] as const
  for (const [type, description] of roots) if (type) type.description = description
}

function directivesIn(sdl: string): Set<string> {
  const names = new Set<string>()
  visit(parse(sdl), { Directive: (node) => void names.add(node.name.value) })
  return names
}
