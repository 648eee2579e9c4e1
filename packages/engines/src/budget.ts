import { ConfigError } from '@cinegraph/kit/config'

const LONGEST_MS = 10_000

interface Given {
  readonly searchParams: URLSearchParams
  /** Name of the setting, for the error. */
  readonly setting: string
  readonly fallback: number
}

/** Milliseconds that one question to a server may take, of `?budgetMs=` in its URL. Throws a ConfigError that names the setting. */
export function budgetOf({ searchParams, setting, fallback }: Given): number {
  const budgetMs = Number(searchParams.get('budgetMs') ?? fallback)
  if (Number.isInteger(budgetMs) && budgetMs >= 1 && budgetMs <= LONGEST_MS) return budgetMs
  throw new ConfigError([
    `${setting}: budgetMs must be a whole number of milliseconds, 1 to ${LONGEST_MS}`,
  ])
}
