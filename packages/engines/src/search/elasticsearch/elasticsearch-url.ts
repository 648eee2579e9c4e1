import { ConfigError } from '@cinegraph/kit/config'
import { budgetOf } from '../../budget.js'

export interface ElasticsearchUrl {
  /** Without user and password. */
  readonly node: string
  readonly auth: { readonly username: string; readonly password: string } | undefined
  /** What the name of every index of ours begins with. */
  readonly prefix: string
  /** Milliseconds that one question may take before Postgres answers it. */
  readonly budgetMs: number
  /** Host and port, for people. */
  readonly shown: string
}

const DEFAULT_PREFIX = 'cinegraph-search'
const BUDGET_MS = 1_500
const PARAMETERS = ['prefix', 'budgetMs']
const PREFIX = /^[a-z0-9][a-z0-9-]{0,99}$/

export const isElasticsearchUrl = (url: string): boolean =>
  URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol)

/** Reads `https://user:password@host:9200/?prefix=cinegraph-search&budgetMs=1500`. Throws a ConfigError that names the setting. */
export function parseElasticsearchUrl(url: string, setting: string): ElasticsearchUrl {
  const refuse = (problem: string) => new ConfigError([`${setting}: ${problem}`])
  const node = new URL(url)
  const { username, password, host, searchParams } = node
  const unknown = [...searchParams.keys()].find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined) {
    throw refuse(`the parameter ${unknown} is not one of ${PARAMETERS.join(', ')}`)
  }
  const prefix = searchParams.get('prefix') ?? DEFAULT_PREFIX
  if (!PREFIX.test(prefix)) {
    throw refuse('prefix must be of a-z, 0-9 and hyphens, at most 100, and not begin with a hyphen')
  }
  const budgetMs = budgetOf({ searchParams, setting, fallback: BUDGET_MS })
  node.username = ''
  node.password = ''
  node.search = ''
  const auth = { username: decodeURIComponent(username), password: decodeURIComponent(password) }
  return { node: node.href, auth: username ? auth : undefined, prefix, budgetMs, shown: host }
}
