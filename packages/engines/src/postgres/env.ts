import { urlOf } from '@cinegraph/kit/config'

/** The setting of a process that stands on Postgres. */
export const postgresEnv = {
  DATABASE_URL: urlOf('postgresql', 'postgres').describe(
    'Postgres, 15 or newer; with `?pgbouncer=true` behind a pooler of transactions: no statement is prepared',
  ),
}
