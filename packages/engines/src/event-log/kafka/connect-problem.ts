import { ConfigError } from '@cinegraph/kit/config'
import type { KafkaUrl } from './kafka-url.js'

/** Says in words, without user and password, why Kafka could not be opened: a ConfigError that names EVENT_LOG_URL. */
export function connectProblem(error: unknown, url: KafkaUrl): ConfigError {
  return new ConfigError([`EVENT_LOG_URL: ${reasonOf(rootOf(error), url)}`])
}

/** What the client wrapped: it says how often it tried instead. */
function rootOf(error: unknown): Error {
  const { cause } = error as Error
  return cause instanceof Error ? rootOf(cause) : (error as Error)
}

const UNSUPPORTED_SASL_MECHANISM = 33

function reasonOf(error: Error, { shown, ssl, sasl }: KafkaUrl): string {
  if ('code' in error && error.code === UNSUPPORTED_SASL_MECHANISM) {
    return `${shown} takes no log-in by ${sasl?.mechanism}: say which with ?sasl=`
  }
  switch (error.name) {
    case 'KafkaJSSASLAuthenticationError':
      return `${shown} refuses this user or password`
    case 'KafkaJSConnectionClosedError':
      return `${shown} hangs up: it wants ${sasl ? '' : 'a user and a password, or '}TLS (kafkas:)`
    case 'KafkaJSConnectionError':
      return `no Kafka answers at ${shown}${ssl ? ' by TLS' : ''} (${error.message})`
    default:
      return `${shown} cannot be used (${error.message})`
  }
}
