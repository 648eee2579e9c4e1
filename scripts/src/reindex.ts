import { failProcess } from '@cinegraph/kit/lifecycle'
import { withCatalogue } from './catalogue/engines.js'
import { reindex } from './catalogue/reindex.js'

try {
  await withCatalogue(async (engines) => {
    const { film, person, genre } = await reindex(engines)
    console.log(`The index holds ${film} films, ${person} persons and ${genre} genres.`)
  })
  process.exit(0)
} catch (error) {
  failProcess('reindex', error)
}
