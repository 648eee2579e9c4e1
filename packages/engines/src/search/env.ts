import { urlOf } from '@cinegraph/kit/config'

/** The setting of a process that reads or writes the search index; `open.ts` knows what stands behind each scheme. */
export const searchEnv = {
  SEARCH_URL: urlOf('postgresql', 'postgres').describe(
    'search index of films, persons and genres, in the Postgres of DATABASE_URL',
  ),
}
