import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type { Postgres } from '../postgres/open.js'
import { requireOwnDatabase } from '../postgres/own-database.js'
import { isOutage, READ_MS } from './elasticsearch/connection.js'
import { isElasticsearchUrl, parseElasticsearchUrl } from './elasticsearch/elasticsearch-url.js'
import { DOCUMENTS_VERSION, namesOf } from './elasticsearch/indexes.js'
import { createElasticsearchIndex } from './elasticsearch/search-index.js'
import { createFallbackIndex } from './fallback/search-index.js'
import { Unsent } from './postgres/unsent.js'
import { createPostgresSearchIndex } from './postgres/search-index.js'
import type { SearchIndex } from './search-index.js'

const SETTING = 'SEARCH_URL'

export interface SearchIndexOptions {
  /**
   * `postgresql://user:password@host:port/database`: the database of `postgres`, whose connections it uses.
   * `https://user:password@host:9200`: Elasticsearch, and the index in `postgres` beside it, for when it does not answer.
   */
  url: string
  postgres: Pick<Postgres, 'pool'>
  log: Logger
  /** Where questions to Elasticsearch are measured. */
  metrics?: Registry
}

/**
 * Throws a ConfigError that names SEARCH_URL when no index stands behind `url` and, on start, when Elasticsearch cannot be reached
 * or refuses us.
 */
export function openSearchIndex({ url, postgres, log, metrics }: SearchIndexOptions): SearchIndex {
  if (!isElasticsearchUrl(url)) {
    requireOwnDatabase({ url, setting: SETTING, what: 'index', postgres })
    return createPostgresSearchIndex({ pool: postgres.pool, log, metrics })
  }
  const { pool } = postgres
  const elasticsearch = parseElasticsearchUrl(url, SETTING)
  const { budgetMs } = elasticsearch
  const release = namesOf(elasticsearch.prefix, DOCUMENTS_VERSION).current
  return createFallbackIndex({
    primary: createElasticsearchIndex({
      ...{ url: elasticsearch, log, metrics },
      readMs: Math.max(READ_MS, budgetMs),
    }),
    standby: createPostgresSearchIndex({ pool, log, metrics }),
    unsent: new Unsent({ pool, release, log }),
    isOutage,
    ...{ log, metrics, budgetMs },
  })
}
