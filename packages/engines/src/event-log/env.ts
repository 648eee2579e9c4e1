import { urlOf } from '@cinegraph/kit/config'

/** The setting of a process that appends to the event log or reads it; `open.ts` knows what stands behind each scheme. */
export const eventLogEnv = {
  EVENT_LOG_URL: urlOf('postgresql', 'postgres').describe(
    'event log, in the Postgres of DATABASE_URL',
  ),
}
