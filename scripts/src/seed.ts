import { openFromEnvironment } from './engines.js'
import { loadDemoCatalogue } from './catalogue/demo.js'
import { createProgress } from './progress.js'

const engines = await openFromEnvironment()
const progress = createProgress((text) => process.stdout.write(text))
await progress.step('catalogue', () => loadDemoCatalogue(engines), (films) => `${films} films`)
await engines.close()
