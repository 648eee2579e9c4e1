import { ConfigError } from '@cinegraph/kit/config'
import { DependencyError } from '@cinegraph/kit/errors'

const REFUSED_LOGIN = new Set(['28P01', '28000'])
const UNKNOWN_DATABASE = '3D000'

/** Says in words why no connection to `url` could be made: a ConfigError that names DATABASE_URL when the URL is to blame. */
export function connectProblem(error: unknown, url: string): Error {
  const { host, username, pathname } = new URL(url)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (REFUSED_LOGIN.has(code)) {
    return new ConfigError([`DATABASE_URL: ${host} refuses user ${username} or its password`])
  }
  if (code === UNKNOWN_DATABASE) {
    return new ConfigError([`DATABASE_URL: ${host} has no database ${pathname.slice(1)}`])
  }
  // the system's own codes, such as ECONNREFUSED
  if (code.startsWith('E')) {
    return new ConfigError([`DATABASE_URL: no Postgres answers at ${host} (${code})`])
  }
  // the client's own refusals: a time-out, no password in the URL, no TLS on the other side
  if (error instanceof Error && code === '') {
    return new ConfigError([`DATABASE_URL: cannot connect to ${host}: ${error.message}`])
  }
  return new DependencyError('postgres', `cannot connect to ${host}`, { cause: error })
}
