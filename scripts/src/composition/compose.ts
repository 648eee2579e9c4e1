import { composeServices } from '@apollo/composition'
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals'
import { lexicographicSortSchema, parse, printSchema } from 'graphql'
import { lintCaching, withoutCacheControl } from './cache-lint.js'
import { lintMutations } from './mutation-lint.js'
import { lintApiSchema, lintRequires } from './schema-lint.js'

export interface SubgraphSdl {
  name: string
  url: string
  sdl: string
}

/** The schemas do not fit together, or break a rule of the house. `problems` holds one line each. */
export class CompositionError extends Error {
  override readonly name = 'CompositionError'
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'))
  }
}

/**
 * Composes subgraphs into the supergraph and what clients see of it. Hints and lint are errors here;
 * `publicMutations` are the mutations that may go without an authorization directive.
 */
export function compose(
  subgraphs: readonly SubgraphSdl[],
  publicMutations: readonly string[] = [],
): { supergraph: string; apiSchema: string } {
  const parsed = subgraphs.map(({ name, url, sdl }) => ({ name, url, sdl: parse(sdl) }))
  const composed = composeServices(
    parsed.map(({ name, url, sdl }) => ({ name, url, typeDefs: withoutCacheControl(sdl) })),
  )
  if (composed.errors) throw new CompositionError(composed.errors.map((error) => error.message))
  // the features of the planner alone lack authorization, which our gateway enforces before it plans
  const built = Supergraph.build(composed.supergraphSdl, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  })
  const api = lexicographicSortSchema(built.apiSchema().toGraphQLJSSchema())
  const supergraph = parse(composed.supergraphSdl)
  const problems = [
    ...composed.hints.map((hint) => hint.toString()),
    ...parsed.flatMap(({ name, sdl }) => lintRequires(name, sdl)),
    ...parsed.flatMap((it) => lintCaching(it, supergraph)),
    ...lintApiSchema(api),
    ...lintMutations(supergraph, publicMutations),
  ]
  if (problems.length > 0) throw new CompositionError(problems)
  return { supergraph: `${composed.supergraphSdl.trim()}\n`, apiSchema: `${printSchema(api)}\n` }
}
