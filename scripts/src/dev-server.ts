// The schema follows the sources: composed anew, and written, before a start at which it has changed.
import { isComposed, sdlOfSources } from './composition/sources.js'

if (!(await isComposed(await sdlOfSources()))) await import('./compose.js')
await import('./start.js')
