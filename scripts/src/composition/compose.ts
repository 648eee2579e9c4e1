import { composeServices } from '@apollo/composition'
import { Supergraph } from '@apollo/federation-internals'
import { lexicographicSortSchema, parse, printSchema } from 'graphql'
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

/** Composes subgraphs into the supergraph and what clients see of it. Hints and lint are errors here. */
export function compose(subgraphs: readonly SubgraphSdl[]): {
  supergraph: string
  apiSchema: string
} {
  const documents = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }))
  const composed = composeServices(documents)
  if (composed.errors) throw new CompositionError(composed.errors.map((error) => error.message))
  const api = lexicographicSortSchema(
    Supergraph.build(composed.supergraphSdl).apiSchema().toGraphQLJSSchema(),
  )
  const problems = [
    ...composed.hints.map((hint) => hint.toString()),
    ...documents.flatMap(({ name, typeDefs }) => lintRequires(name, typeDefs)),
    ...lintApiSchema(api),
  ]
  if (problems.length > 0) throw new CompositionError(problems)
  return { supergraph: `${composed.supergraphSdl.trim()}\n`, apiSchema: `${printSchema(api)}\n` }
}
