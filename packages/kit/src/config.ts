import { z } from 'zod'
import { publicJwks } from './jwk.js'

/** A process was given settings it cannot run with. `problems` holds one line per setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'))
  }
}

/**
 * Parses the environment once, at the root of a process. Blank strings count as unset.
 * Throws one ConfigError that lists every problem; values are never repeated, they may be secrets.
 */
export function parseConfig<S extends z.ZodObject>(
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
): z.output<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, code, message }) => {
    const [name] = path
    // a rule that joins several settings
    if (name === undefined) return message
    const missing = given[String(name)] === undefined && code !== 'custom'
    return `${String(name)}: ${missing ? 'is required' : message}${describe(schema, String(name))}`
  })
  throw new ConfigError([...new Set(problems)])
}

function describe(schema: z.ZodObject, name: string): string {
  const field = schema.shape[name] as z.ZodType | undefined
  const description = field && describeSetting(field)
  return description ? ` (${description})` : ''
}

/** What the setting is for, also when `.optional()` or `.default()` came after `.describe()`. */
export function describeSetting(field: z.ZodType): string | undefined {
  const wraps = field instanceof z.ZodOptional || field instanceof z.ZodDefault
  return field.description ?? (wraps ? describeSetting(field.unwrap() as z.ZodType) : undefined)
}

export const port = (fallback: number) =>
  z.coerce
    .number('must be a port number, 0 to 65535')
    .int('must be a port number, 0 to 65535')
    .min(0, 'must be a port number, 0 to 65535')
    .max(65535, 'must be a port number, 0 to 65535')
    .default(fallback)

/** The setting PORT of a process that serves HTTP. */
export const httpPort = (fallback: number) =>
  port(fallback).describe('port of GraphQL, health and metrics; 0 takes a free one')

export const integer = (options: { min: number; max: number; default: number }) => {
  const message = `must be a whole number, ${options.min} to ${options.max}`
  return z.coerce
    .number(message)
    .int(message)
    .min(options.min, message)
    .max(options.max, message)
    .default(options.default)
}

/** A URL whose scheme is one of `schemes`, without the colon. */
export const urlOf = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)),
      {
        message: `must be a URL that starts with ${schemes.map((scheme) => `${scheme}:`).join(' or ')}`,
      },
    )

/** `true` or `false`. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true')

/** A comma-separated list; surrounding blanks are dropped. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

/** Settings that every process has. */
export const processEnv = {
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
      'must be trace, debug, info, warn, error or fatal',
    )
    .default('info')
    .describe('least severe level that is logged'),
  SHUTDOWN_MS: integer({ min: 100, max: 600_000, default: 10_000 }).describe(
    'milliseconds that requests in flight have to finish after SIGTERM',
  ),
  SHUTDOWN_DELAY_MS: integer({ min: 0, max: 600_000, default: 0 }).describe(
    'milliseconds after SIGTERM in which it says on /readyz that it stops, and still answers',
  ),
}

/** Settings that every subgraph has. */
export const subgraphEnv = {
  ...processEnv,
  GATEWAY_PUBLIC_KEY: publicJwks.describe(
    'key that verifies the gateway, an Ed25519 JWK in JSON; a JWK Set while it is rotated',
  ),
}

/** Settings on which who issues access tokens and who verifies them have to agree. */
export const accessTokenEnv = {
  JWT_ISSUER: z.string().default('cinegraph').describe('`iss` of access tokens'),
  JWT_AUDIENCE: z.string().default('cinegraph').describe('`aud` of access tokens'),
}
