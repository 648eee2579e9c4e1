import { loadDemo } from './catalogue/demo.js'
import { withCatalogue } from './catalogue/engines.js'
import { failReindex } from './catalogue/reindex.js'

try {
  await withCatalogue(async (engines) => {
    const { film, person, genre } = await loadDemo(engines)
    console.log(`The index holds ${film} films, ${person} persons and ${genre} genres.`)
  })
  process.exit(0)
} catch (error) {
  failReindex('seed', error)
}
