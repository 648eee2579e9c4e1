import { urlOf } from '@cinegraph/kit/config'

/** The setting of a process that caches; `open.ts` knows what stands behind each scheme. */
export const cacheEnv = {
  CACHE_URL: urlOf('memory', 'redis', 'rediss')
    .default('memory:')
    .describe(
      'cache: memory: is each process’s own, redis://:password@host:6379/0 is common to all',
    ),
}
