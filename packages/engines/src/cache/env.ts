import { urlOf } from '@cinegraph/kit/config'

/** The setting of a process that caches; `open.ts` knows what stands behind each scheme. */
export const cacheEnv = {
  CACHE_URL: urlOf('memory').default('memory:').describe('cache, e.g. memory:?maxBytes=67108864'),
}
