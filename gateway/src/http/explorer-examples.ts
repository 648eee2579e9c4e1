import { Kind, parse } from 'graphql'

const DEFAULT_EXAMPLE = `# What can be asked here
query WhatIsHere {
  __schema {
    queryType {
      fields {
        name
        description
      }
    }
  }
}`

/** The operations of a GraphQL text, each with the comments above it. Throws when the text is not GraphQL. */
export function examplesIn(text: string | undefined): string[] {
  if (!text?.trim()) return [DEFAULT_EXAMPLE]
  const operations = parse(text).definitions.filter((it) => it.kind === Kind.OPERATION_DEFINITION)
  const ends = operations.map(({ loc }) => loc!.end)
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end).trim())
}
