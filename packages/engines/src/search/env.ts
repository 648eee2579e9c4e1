import { urlOf } from '@cinegraph/kit/config'

/** The setting of a process that reads or writes the search index; `open.ts` knows what stands behind each scheme. */
export const searchEnv = {
  SEARCH_URL: urlOf('postgresql', 'postgres', 'http', 'https').describe(
    'search index: the Postgres of DATABASE_URL, or Elasticsearch at https://user:password@host:9200 and Postgres beside it',
  ),
}
