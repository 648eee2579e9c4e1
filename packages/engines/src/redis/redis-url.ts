import { ConfigError } from '@cinegraph/kit/config'
import { budgetOf } from '../budget.js'

export interface RedisUrl {
  readonly connection: {
    readonly host: string
    readonly port: number
    readonly db: number
    readonly username?: string
    readonly password?: string
    readonly tls?: Record<string, never>
  }
  /** What every key begins with. */
  readonly prefix: string
  /** Milliseconds that one question may take. */
  readonly budgetMs: number
  /** Other parameters, as they are given. */
  readonly parameters: ReadonlyMap<string, string>
  /** Host, port and database, for people: without user and password. */
  readonly shown: string
}

export interface ParseOptions {
  url: string
  /** Name of the setting, for errors. */
  setting: string
  /** Parameters that it may have besides `prefix` and `budgetMs`. */
  parameters?: readonly string[]
}

const BUDGET_MS = 50

export const isRedisUrl = (url: string): boolean =>
  URL.canParse(url) && ['redis:', 'rediss:'].includes(new URL(url).protocol)

/** Reads `redis://user:password@host:6379/0?prefix=cinegraph:&budgetMs=50`. Throws a ConfigError that names the setting. */
export function parseRedisUrl({ url, setting, parameters = [] }: ParseOptions): RedisUrl {
  const refuse = (problem: string) => new ConfigError([`${setting}: ${problem}`])
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url)
  if (hostname === '') throw refuse('must name a host: redis://host:6379/0')
  if (!/^(\/\d*)?$/.test(pathname)) throw refuse('its path is the number of a database: /0')
  const known = ['prefix', 'budgetMs', ...parameters]
  const unknown = [...searchParams.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw refuse(`the parameter ${unknown} is not one of ${known.join(', ')}`)
  }
  const db = Number(pathname.slice(1))
  const given = new Map(searchParams)
  return {
    connection: {
      // an IPv6 address has its brackets in a URL only
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port || 6379),
      db,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
    prefix: given.get('prefix') ?? 'cinegraph:',
    budgetMs: budgetOf({ searchParams, setting, fallback: BUDGET_MS }),
    parameters: given,
    shown: `${hostname}:${port || 6379}/${db}`,
  }
}
