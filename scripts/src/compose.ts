import { compose, CompositionError } from './composition/compose.js'
import { unstartedSubgraphs } from './composition/unstarted.js'
import { emit } from './emit.js'

/** Where each subgraph listens when nothing else is said; a gateway's SUBGRAPH_URLS overrides it. */
const PORTS: Readonly<Record<string, number>> = { users: 4001, films: 4002, people: 4003 }

const subgraphs = (await unstartedSubgraphs()).map(({ name, sdl }) => ({
  name,
  sdl,
  url: `http://127.0.0.1:${PORTS[name]!}/graphql`,
}))
try {
  const { supergraph, apiSchema } = compose(subgraphs)
  const files = new Map(subgraphs.map(({ name, sdl }) => [`subgraphs/${name}/schema.graphql`, sdl]))
  files.set('gateway/supergraph.graphql', supergraph)
  files.set('gateway/api-schema.graphql', apiSchema)
  await emit(files, { check: process.argv.includes('--check'), command: 'npm run compose' })
} catch (error) {
  if (!(error instanceof CompositionError)) throw error
  console.error(error.problems.join('\n'))
  process.exit(1)
}
