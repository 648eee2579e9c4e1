import { urlOf } from '@cinegraph/kit/config'

/** The setting of a process that counts; `open.ts` knows what stands behind each scheme. */
export const countersEnv = {
  COUNTERS_URL: urlOf('memory')
    .default('memory:')
    .describe('counters of attempts, in this process alone, e.g. memory:?maxKeys=100000'),
}
