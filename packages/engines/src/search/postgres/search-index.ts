import { createService } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type pg from 'pg'
import type { SearchIndex } from '../search-index.js'
import { runOn } from './connection.js'
import { countByGenre, countFacets } from './facets.js'
import { countFilms, findFilms } from './films.js'
import { countPersons, findPersons } from './persons.js'
import { ensureSchema } from './schema.js'
import { suggest } from './suggest.js'
import { tableOf } from './tables.js'
import { writeDocuments, writeTombstones } from './write.js'

/**
 * The index in Postgres: full text with our own folding, and trigrams over the vocabulary for typos. Everything in its schema `search`
 * is derived, so another version of the schema, of the server or of its collations starts with an empty index.
 */
export function createPostgresSearchIndex(pool: pg.Pool, log: Logger): SearchIndex {
  const run = runOn(pool)
  const service = createService({
    name: 'search',
    start: () => ensureSchema(pool, log),
    ready: () =>
      run('SELECT FROM search.films LIMIT 0', []).then(
        () => ({ ready: true }) as const,
        () => ({ ready: false, reason: 'does not answer' }) as const,
      ),
  })
  return {
    ...service,
    upsert: (kind, documents) => writeDocuments(run, kind, documents),
    remove: (kind, entries) => writeTombstones(run, kind, entries),
    async count(kind) {
      const [row] = await run<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${tableOf(kind)} WHERE live`,
        [],
      )
      return row!.count
    },
    films: (query) => findFilms(run, query),
    filmCount: (query) => countFilms(run, query),
    filmFacets: (query, facets) => countFacets(run, query, facets),
    filmCountsByGenre: (genreIds, audiences) => countByGenre(run, genreIds, audiences),
    persons: (query) => findPersons(run, query),
    personCount: ({ text }) => countPersons(run, text),
    suggest: (query) => suggest(run, query),
  }
}
