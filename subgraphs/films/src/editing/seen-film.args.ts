import { ArgsType, Field, ID, Int } from 'type-graphql'

@ArgsType()
export class SeenFilmArgs {
  @Field(() => ID, { description: 'The id of the film.' })
  id!: string

  @Field(() => Int, { description: 'The `version` of it that you saw.' })
  version!: number
}
