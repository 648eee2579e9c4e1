import { ConfigError } from '@cinegraph/kit/config'

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const
const OPTIONS = ['ssl', 'sasl', 'replicas', 'compression']
const DEFAULT_PORT = 9092
const MOST_REPLICAS = 99

export interface KafkaUrl {
  /** `host:port` of some brokers; they know the others. */
  readonly brokers: string[]
  readonly ssl: boolean
  readonly sasl?: {
    readonly mechanism: (typeof MECHANISMS)[number]
    readonly username: string
    readonly password: string
  }
  /** Copies of topics that are made; the brokers' own default without it. */
  readonly replicas: number | undefined
  readonly compression: 'gzip' | 'none'
  /** The brokers, for people: without user and password. */
  readonly shown: string
}

export const isKafkaUrl = (url: string): boolean => /^kafkas?:\/\//i.test(url)

const refuse = (problem: string) => new ConfigError([`EVENT_LOG_URL: ${problem}`])

/** Reads `kafka://user:password@host:9092,host2:9092?sasl=plain`. Throws a ConfigError that names EVENT_LOG_URL. */
export function parseKafkaUrl(url: string): KafkaUrl {
  const parts = /^kafka(s?):\/\/(?:(.*)@)?([^/?#@]*)\/?(?:\?(.*))?$/i.exec(url)
  if (!parts) throw refuse('must be like kafka://user:password@host:9092,host2:9092')
  const [, tls, credentials, hosts = '', query = ''] = parts
  const brokers = hosts.split(',').map(brokerOf)
  const options = optionsOf(query)
  const ssl =
    tls !== '' || choose('ssl', options.get('ssl') ?? 'false', ['true', 'false']) === 'true'
  const mechanism = options.get('sasl')
  if (credentials === undefined && mechanism !== null) {
    throw refuse('sasl wants a user and a password: kafka://user:password@host:9092')
  }
  return {
    ...{ brokers, ssl, shown: brokers.join(',') },
    ...(credentials !== undefined && {
      sasl: {
        mechanism: choose('sasl', mechanism ?? 'plain', MECHANISMS),
        ...loginOf(credentials),
      },
    }),
    replicas: replicasOf(options.get('replicas')),
    compression: choose('compression', options.get('compression') ?? 'gzip', ['gzip', 'none']),
  }
}

function brokerOf(text: string): string {
  // the client takes no IPv6 addresses
  const [, host, port = String(DEFAULT_PORT)] =
    /^([A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw refuse('must name brokers by host and port: kafka://host:9092,host2:9092')
  }
  return `${host}:${port}`
}

function optionsOf(query: string): URLSearchParams {
  const options = new URLSearchParams(query)
  const unknown = [...options.keys()].find((name) => !OPTIONS.includes(name))
  if (unknown === undefined) return options
  throw refuse(`the option ${unknown} is not one of ${OPTIONS.join(', ')}`)
}

function choose<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const chosen = choices.find((it) => it === value.toLowerCase())
  if (chosen === undefined) throw refuse(`${option} must be ${choices.join(' or ')}`)
  return chosen
}

function replicasOf(text: string | null): number | undefined {
  if (text === null) return undefined
  const replicas = Number(text)
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > MOST_REPLICAS) {
    throw refuse(`replicas must be a whole number from 1 to ${MOST_REPLICAS}`)
  }
  return replicas
}

function loginOf(credentials: string): { username: string; password: string } {
  const [user = '', ...rest] = credentials.split(':')
  try {
    const login = {
      username: decodeURIComponent(user),
      password: decodeURIComponent(rest.join(':')),
    }
    if (login.username !== '' && login.password !== '') return login
  } catch {
    // a % that encodes nothing
  }
  throw refuse('user and password must both be there, with signs such as @ and % percent-encoded')
}
