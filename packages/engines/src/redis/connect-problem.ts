import { ConfigError } from '@cinegraph/kit/config'
import type { RedisUrl } from './redis-url.js'

/** Says in words, without user and password, why Redis could not be opened: a ConfigError that names the setting. */
export function connectProblem(
  error: Error,
  { setting, url: { shown } }: { setting: string; url: RedisUrl },
): ConfigError {
  return new ConfigError([`${setting}: ${reasonOf(error, shown)}`])
}

function reasonOf(error: Error, shown: string): string {
  const code = 'code' in error ? String(error.code) : ''
  // the system's own codes, such as ECONNREFUSED
  if (code.startsWith('E')) return `no Redis answers at ${shown} (${code})`
  switch (error.message.split(' ', 1)[0]) {
    case 'WRONGPASS':
      return `${shown} refuses this user or password`
    case 'NOAUTH':
      return `${shown} wants a password: redis://:password@host:port/0`
    case 'NOPERM':
      return `${shown} does not let this user do what is needed (${error.message})`
    default:
      return `${shown} cannot be used (${error.message})`
  }
}
