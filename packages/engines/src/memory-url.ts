import { ConfigError } from '@cinegraph/kit/config'

export interface MemoryUrl {
  url: string
  /** Name of the setting, for the error. */
  setting: string
  /** The parameter that bounds what is kept, and what it counts, e.g. `bytes`. */
  parameter: string
  unit: string
  fallback: number
}

/** The bound in `memory:` or `memory:?PARAMETER=123`. Throws a ConfigError that names the setting. */
export function boundOf({ url, setting, parameter, unit, fallback }: MemoryUrl): number {
  if (!URL.canParse(url) || new URL(url).protocol !== 'memory:') {
    throw new ConfigError([`${setting}: must be a URL that starts with memory:, redis: or rediss:`])
  }
  const { pathname, searchParams } = new URL(url)
  const unknown = [...searchParams.keys()].find((name) => name !== parameter)
  if (pathname !== '' || unknown !== undefined) {
    throw new ConfigError([
      `${setting}: memory: takes nothing but ?${parameter}=, a number of ${unit}`,
    ])
  }
  const given = searchParams.get(parameter)
  const bound = given === null ? fallback : Number(given)
  if (Number.isSafeInteger(bound) && bound > 0) return bound
  throw new ConfigError([`${setting}: ${parameter} must be a whole number of ${unit}, 1 or more`])
}
