import { ConfigError } from '@cinegraph/kit/config'
import type { Postgres } from './open.js'

export interface OwnDatabase {
  url: string
  /** Name of the setting, for the error. */
  setting: string
  /** What lives there, e.g. `index`. */
  what: string
  postgres: Pick<Postgres, 'pool'>
}

/** Throws a ConfigError that names the setting unless `url` is the database of `postgres`. */
export function requireOwnDatabase({ url, setting, what, postgres }: OwnDatabase): void {
  const given = URL.canParse(url) ? new URL(url) : undefined
  if (given?.protocol !== 'postgres:' && given?.protocol !== 'postgresql:') {
    throw new ConfigError([`${setting}: must be a URL that starts with postgresql: or postgres:`])
  }
  const { connectionString } = postgres.pool.options
  if (
    connectionString === undefined ||
    databaseOf(given) !== databaseOf(new URL(connectionString))
  ) {
    throw new ConfigError([`${setting}: a Postgres ${what} lives in the database of DATABASE_URL`])
  }
}

const databaseOf = ({ hostname, port, pathname }: URL) =>
  [hostname, port === '' ? '5432' : port, pathname].join(' ')
