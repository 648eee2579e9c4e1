import { DependencyError } from '@cinegraph/kit/errors'
import { createService, type Readiness } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type pg from 'pg'
import type { FilmQuery, SearchIndex } from '../search-index.js'
import { listAudiences } from './audiences.js'
import { bulkhead } from './bulkhead.js'
import { markOf } from './completeness.js'
import { type Run, runOn } from './connection.js'
import { createContent } from './content.js'
import { countByGenre, countFacets } from './facets.js'
import { findLists } from './film-lists.js'
import { countFilms, type FilmText, findFilms } from './films.js'
import { countPersons, findPersons } from './persons.js'
import { countByPerson, findCredits } from './filmographies.js'
import { rebuild, writeToBoth } from './rebuild.js'
import { DOCUMENTS_VERSION, ensureSchema, type IndexSchema } from './schema.js'
import { findSimilarFilms, findSimilarLists } from './similar-films.js'
import { suggest } from './suggest.js'

const INCOMPLETE = 'lacks documents: run `npm run reindex`'

export interface PostgresSearchOptions {
  pool: pg.Pool
  log: Logger
  metrics?: Registry | undefined
  /** Another one has documents of its own. */
  documentsVersion?: number | undefined
}

/**
 * The index in Postgres: full text with our own folding, and trigrams over the vocabulary for typos. Everything in its schema is derived.
 * Another version of the documents, of their tables, of the server or of its collations has a schema of its own, `search_<8 hex digits>`.
 */
export function createPostgresSearchIndex(options: PostgresSearchOptions): SearchIndex {
  const { pool, log, metrics, documentsVersion = DOCUMENTS_VERSION } = options
  let opened: IndexSchema | undefined
  const schema = () => {
    if (!opened) throw new DependencyError('search', 'has not started')
    return opened
  }
  const run: Run = async (sql, values) => runOn(pool, schema().name)(sql, values)
  const search = bulkhead(run, { running: Math.ceil(pool.options.max / 2), metrics })
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
    films: (query) => findFilms(search, query),
    filmLists: (queries) => findLists(queries.some(isShuffled) ? search : run, queries),
    filmCount: (query) => countFilms(isEverything(query) ? run : search, query),
    filmFacets: (query, facets) => countFacets(isEverything(query) ? run : search, query, facets),
    similarFilms: (query) => findSimilarFilms(run, query),
    similarLists: (queries) => findSimilarLists(run, queries),
    filmCountsByGenre: (genreIds, audiences) => countByGenre(run, genreIds, audiences),
    filmCountsByPerson: (persons, audiences) => countByPerson(run, persons, audiences),
    creditsOf: (asked) => findCredits(run, asked),
    audiences: () => listAudiences(run),
    persons: (query) => findPersons(hasText(query) ? search : run, query),
    personCount: (query) => countPersons(hasText(query) ? search : run, query.text),
    suggest: (query) => suggest(search, query),
  }
}

// what may cost much more than others: it reads as many rows as match, or all
const hasText = ({ text = '' }: { text?: string }) => text.trim() !== ''
const isShuffled = ({ sort }: FilmQuery) => sort.field === 'RANDOM'
function isEverything({ text = '', filter: { audiences: _, ...filter } }: FilmText): boolean {
  return text.trim() === '' && Object.keys(filter).length === 0
}
