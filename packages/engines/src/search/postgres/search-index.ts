import { DependencyError } from '@cinegraph/kit/errors'
import { createService, type Readiness } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type pg from 'pg'
import type { SearchIndex } from '../search-index.js'
import { listAudiences } from './audiences.js'
import { markOf } from './completeness.js'
import { type Run, runOn } from './connection.js'
import { createContent } from './content.js'
import { countByGenre, countFacets } from './facets.js'
import { findLists } from './film-lists.js'
import { countFilms, findFilms } from './films.js'
import { countPersons, findPersons } from './persons.js'
import { countByPerson, findCredits } from './filmographies.js'
import { rebuild, writeToBoth } from './rebuild.js'
import { DOCUMENTS_VERSION, ensureSchema, type IndexSchema } from './schema.js'
import { findSimilarFilms, findSimilarLists } from './similar-films.js'
import { suggest } from './suggest.js'

const INCOMPLETE = 'lacks documents: run `npm run reindex`'

/**
 * The index in Postgres: full text with our own folding, and trigrams over the vocabulary for typos. Everything in its schema is derived.
 * Another version of the documents, of their tables, of the server or of its collations has a schema of its own, `search_<8 hex digits>`.
 */
export function createPostgresSearchIndex(
  pool: pg.Pool,
  log: Logger,
  documentsVersion = DOCUMENTS_VERSION,
): SearchIndex {
  let opened: IndexSchema | undefined
  const schema = () => {
    if (!opened) throw new DependencyError('search', 'has not started')
    return opened
  }
  const run: Run = async (sql, values) => runOn(pool, schema().name)(sql, values)
  const isReady = async () => {
    const { state, since } = await markOf(pool, schema().name)
    if (state !== 'superseded') return state === 'complete'
    // it was complete when this process started, or since
    return since !== schema().mark.since
  }
  const service = createService({
    name: 'search',
    async start() {
      opened = await ensureSchema(pool, log, documentsVersion)
    },
    ready: () =>
      isReady().then(
        (ready): Readiness => (ready ? { ready } : { ready, reason: INCOMPLETE }),
        () => ({ ready: false, reason: 'does not answer' }),
      ),
  })
  return {
    ...service,
    isComplete: async () => (await markOf(pool, schema().name)).state === 'complete',
    rebuild: async (fill) =>
      rebuild({ pool, log, name: schema().name }, (next) => {
        const runNext = runOn(pool, next)
        return fill(createContent(runNext, (task) => task(runNext)))
      }),
    ...createContent(run, async (task) => writeToBoth(pool, schema().name, task)),
    films: (query) => findFilms(run, query),
    filmLists: (queries) => findLists(run, queries),
    filmCount: (query) => countFilms(run, query),
    filmFacets: (query, facets) => countFacets(run, query, facets),
    similarFilms: (query) => findSimilarFilms(run, query),
    similarLists: (queries) => findSimilarLists(run, queries),
    filmCountsByGenre: (genreIds, audiences) => countByGenre(run, genreIds, audiences),
    filmCountsByPerson: (persons, audiences) => countByPerson(run, persons, audiences),
    creditsOf: (asked) => findCredits(run, asked),
    audiences: () => listAudiences(run),
    persons: (query) => findPersons(run, query),
    personCount: ({ text }) => countPersons(run, text),
    suggest: (query) => suggest(run, query),
  }
}
