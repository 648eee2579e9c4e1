import type { z } from 'zod'
import { AppError, type ArgumentProblem } from './errors.js'

const MAX_PROBLEMS = 20
const TOLD_IN_MESSAGE = 3

/**
 * Parses what a client sent as argument `name`. Throws BAD_USER_INPUT: `problems` names each offending field and its limit,
 * the message the first three and how many more; `argument` is that of the first.
 */
export function validate<S extends z.ZodType>(
  schema: S,
  value: unknown,
  name: string,
): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues
    .slice(0, MAX_PROBLEMS)
    .map(({ path, message }) => ({ argument: argumentOf(name, path), message }))
  const told = problems.slice(0, TOLD_IN_MESSAGE).map(textOf)
  const others = result.error.issues.length - told.length
  const message = [...told, ...(others > 0 ? [`and ${others} more`] : [])].join('; ')
  throw new AppError('BAD_USER_INPUT', message, { argument: problems[0]!.argument, problems })
}

const argumentOf = (name: string, path: readonly PropertyKey[]): ArgumentProblem['argument'] => [
  name,
  ...path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
]

const textOf = ({ argument, message }: ArgumentProblem) => `${argument.join('.')}: ${message}`
