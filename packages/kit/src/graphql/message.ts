import type { GraphQLError } from 'graphql'

const MAX_LENGTH = 300

/** A message short enough to leave the process: some repeat the whole input. */
export const shortened = (message: string): string =>
  message.length > MAX_LENGTH ? `${message.slice(0, MAX_LENGTH - 1)}…` : message

const INVALID_VARIABLE = /^Variable "\$\w+"(?= got invalid value )/
// fields that the schema does not know are reported at their object, so a path has names of the schema only
const AT_PATH = / at "[\w.[\]]+"$/

const PRINTED_VALUES: readonly (readonly [RegExp, string])[] = [
  [/^(\w+|Enum "\w+")( cannot represent [^:]+):.*$/s, '$1$2.'],
  [/^Value ".*" does not exist in /s, 'This value does not exist in '],
  [/^(Expected value of type "[^"]+"), found .*$/s, '$1.'],
  [/^(Argument "\w+" has invalid value) .*$/s, '$1.'],
  [/^(Syntax Error: .*?\b(?:Int|Float|String|BlockString)) ".*$/s, '$1.'],
]

/**
 * What an error of GraphQL itself says, without the values that it was given: graphql-js prints them, and they may
 * be passwords. Names of variables and fields, and what was expected, stay.
 */
export function withoutValues({ message, originalError }: GraphQLError): string {
  const variable = INVALID_VARIABLE.exec(message)?.[0]
  if (variable === undefined) return withoutPrinted(message)
  const reason = originalError?.message ?? ''
  const end = `; ${reason}`
  if (reason === '' || !message.endsWith(end)) return `${variable} got an invalid value.`
  const path = AT_PATH.exec(message.slice(0, -end.length))?.[0] ?? ''
  return `${variable} got an invalid value${path}; ${withoutPrinted(reason)}`
}

const withoutPrinted = (text: string): string =>
  PRINTED_VALUES.reduce((told, [printed, instead]) => told.replace(printed, instead), text)
