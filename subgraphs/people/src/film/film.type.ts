import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Directive, Field, ID, ObjectType } from 'type-graphql'

// the words that describe Film and its id are those of films, its owner: two wordings would be a composition hint
@Directive('@key(fields: "id")')
@CacheControl({ maxAge: 30 })
@ObjectType()
export class Film {
  @Field(() => ID)
  id!: string

  @Directive('@external')
  @Field(() => Boolean, { nullable: true })
  visible!: boolean | null
}
