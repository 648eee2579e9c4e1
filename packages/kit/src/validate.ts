import type { z } from 'zod'
import { AppError } from './errors.js'

/** Parses what a client sent as argument `name`. Throws BAD_USER_INPUT that names the first offending field and its limit. */
export function validate<S extends z.ZodType>(
  schema: S,
  value: unknown,
  name: string,
): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const argument = [name, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))]
  throw new AppError('BAD_USER_INPUT', `${argument.join('.')}: ${issue.message}`, { argument })
}
