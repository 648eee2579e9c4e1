import { ArgsType, Field, ID } from 'type-graphql'

/** Arguments of a field that finds one thing by `id` or by `slug`; read them with `lookupKey`. */
@ArgsType()
export class LookupArgs {
  @Field(() => ID, { nullable: true, description: 'Its identifier. Give either this or `slug`.' })
  id?: string | null

  @Field(() => String, { nullable: true, description: 'Its slug. Give either this or `id`.' })
  slug?: string | null
}
