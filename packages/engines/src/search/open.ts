import type { Logger } from '@cinegraph/kit/logger'
import type { Postgres } from '../postgres/open.js'
import { requireOwnDatabase } from '../postgres/own-database.js'
import { createPostgresSearchIndex } from './postgres/search-index.js'
import type { SearchIndex } from './search-index.js'

export interface SearchIndexOptions {
  /** `postgresql://user:password@host:port/database`: the database of `postgres`, whose connections it uses. */
  url: string
  postgres: Pick<Postgres, 'pool'>
  log: Logger
}

/** Throws a ConfigError that names SEARCH_URL when no index stands behind `url`. */
export function openSearchIndex({ url, postgres, log }: SearchIndexOptions): SearchIndex {
  requireOwnDatabase({ url, setting: 'SEARCH_URL', what: 'index', postgres })
  return createPostgresSearchIndex(postgres.pool, log)
}
