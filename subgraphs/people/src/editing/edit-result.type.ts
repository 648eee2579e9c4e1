import { type ClassType, createUnionType, Field, ObjectType } from 'type-graphql'
import type { Outcome } from './edit.js'

/**
 * The types `<name>Conflict` and `result`, the union of it and `node`, made from outcomes of `T`, the record that the resolvers
 * of `node` are given. Call once per node type, in its type file.
 */
export function editResultOf<T extends object>(
  node: () => ClassType,
  { name, result }: { name: string; result: string },
) {
  @ObjectType(`${name}Conflict`, {
    description: 'Somebody else has edited it since the version that you saw. Nothing was changed.',
  })
  class Conflict {
    @Field(() => String, { description: 'What happened, in words for the editor.' })
    message!: string

    @Field(node, { description: 'As it is now, with its version: to look at, and to edit again.' })
    current!: T
  }

  const Result = createUnionType({
    name: result,
    description: 'What came of the edit: the new state, or a conflict with the edit of another.',
    types: () => [node(), Conflict] as const,
    resolveType: (value) => (value instanceof Conflict ? Conflict : node()),
  })

  const from = (outcome: Outcome<T>): T | Conflict => {
    if ('edited' in outcome) return outcome.edited
    const { conflict: current } = outcome
    const message = 'Somebody else has changed this meanwhile: look at it again before you save.'
    return Object.assign(new Conflict(), { message, current })
  }
  return { Result, from }
}
