import { urlOf } from '@cinegraph/kit/config'

/** The setting of a process that counts; `open.ts` knows what stands behind each scheme. */
export const countersEnv = {
  COUNTERS_URL: urlOf('memory', 'redis', 'rediss')
    .default('memory:')
    .describe(
      'counters of attempts: memory: is each process’s own, redis://:password@host:6379/0 is common to all',
    ),
}
