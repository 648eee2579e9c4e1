import { compose, CompositionError } from './composition/compose.js'
import { PUBLIC_MUTATIONS } from './composition/public-mutations.js'
import { sdlFile, sdlOfSources } from './composition/sources.js'
import { emit } from './emit.js'

try {
  const subgraphs = await sdlOfSources()
  const { supergraph, apiSchema } = compose(subgraphs, PUBLIC_MUTATIONS)
  const files = new Map(subgraphs.map(({ name, sdl }) => [sdlFile(name), sdl]))
  files.set('gateway/supergraph.graphql', supergraph)
  files.set('gateway/api-schema.graphql', apiSchema)
  await emit(files, { check: process.argv.includes('--check'), command: 'npm run compose' })
} catch (error) {
  if (!(error instanceof CompositionError)) throw error
  console.error(error.problems.join('\n'))
  process.exit(1)
}
