import { ConfigError } from '@cinegraph/kit/config'
import type { Logger } from '@cinegraph/kit/logger'
import type { Postgres } from '../postgres/open.js'
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
  const given = URL.canParse(url) ? new URL(url) : undefined
  if (given?.protocol !== 'postgres:' && given?.protocol !== 'postgresql:') {
    throw new ConfigError(['SEARCH_URL: must be a URL that starts with postgresql: or postgres:'])
  }
  const { connectionString } = postgres.pool.options
  if (
    connectionString === undefined ||
    databaseOf(given) !== databaseOf(new URL(connectionString))
  ) {
    throw new ConfigError(['SEARCH_URL: a Postgres index lives in the database of DATABASE_URL'])
  }
  return createPostgresSearchIndex(postgres.pool, log)
}

const databaseOf = ({ hostname, port, pathname }: URL) =>
  [hostname, port === '' ? '5432' : port, pathname].join(' ')
