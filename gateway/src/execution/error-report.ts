import { GraphQLError } from 'graphql'
import type { Path } from './answers.js'

/** More positions than this are not looked at: one dead subgraph may cost each item of a long list every field. */
const MAX_POSITIONS = 10_000
const MAX_ERRORS = 100

/** The errors of one answer: one per position, a hundred at most and one more that counts the others. */
export interface ErrorReport {
  /** Counts a position; false when there have been enough. */
  look(): boolean
  add(path: Path | undefined, make: (path: Path | undefined) => GraphQLError): void
  errors(): GraphQLError[]
}

export function createErrorReport(): ErrorReport {
  const errors: GraphQLError[] = []
  const seen = new Set<string>()
  let looked = 0
  let more = 0
  return {
    look: () => ++looked <= MAX_POSITIONS,
    add(path, make) {
      const position = JSON.stringify(path)
      if (path && seen.has(position)) return
      seen.add(position)
      if (errors.length < MAX_ERRORS) errors.push(make(path))
      else more += 1
    },
    errors() {
      if (more === 0) return errors
      return [...errors, furtherErrors(looked > MAX_POSITIONS ? `Over ${more}` : `${more}`)]
    },
  }
}

const furtherErrors = (count: string) =>
  new GraphQLError(`${count} further errors are not shown.`, {
    extensions: { code: 'TOO_MANY_ERRORS' },
  })
