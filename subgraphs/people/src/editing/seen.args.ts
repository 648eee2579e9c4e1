import { ArgsType, Field, ID, Int } from 'type-graphql'
import { MAX_UNLINKED } from './entity-editor.js'

export const SEEN_VERSION =
  'The version that was read before the edit; when there is a newer one, nothing is changed.'

/** What is edited, and in which version whoever edits it has seen it. */
@ArgsType()
export class SeenArgs {
  @Field(() => ID, { description: 'The id of what is to be changed.' })
  id!: string

  @Field(() => Int, { description: SEEN_VERSION })
  version!: number
}

@ArgsType()
export class DeleteArgs extends SeenArgs {
  @Field(() => Boolean, {
    defaultValue: false,
    description: `Whether it is taken from films that are linked to it; otherwise they are a CONFLICT, as more than ${MAX_UNLINKED} always are.`,
  })
  force!: boolean
}
