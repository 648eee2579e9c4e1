import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { GraphQLDate } from '@cinegraph/kit/graphql/date'
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'A season of a series.' })
export class Season {
  @Field(() => Int, { description: 'Its number within the series; 0 is that of the specials.' })
  number!: number

  @Field(() => GraphQLDate, {
    nullable: true,
    description: 'The day it was first shown to the public; null when unknown.',
  })
  releaseDate!: string | null
}

@Directive('@key(fields: "id")')
@CacheControl({ maxAge: 30 })
@ObjectType('Episode', { description: 'An episode of a series.' })
export class Episode {
  @Field(() => ID, {
    description: 'Its identifier, a UUID that stays when it is given another number.',
  })
  id!: string

  @Field(() => Int, { description: 'The number of its season; 0 is that of the specials.' })
  seasonNumber!: number

  @Field(() => Int, { description: 'Its number within the season.' })
  number!: number

  @Field(() => GraphQLDate, {
    nullable: true,
    description: 'The day it was first shown to the public; null when unknown.',
  })
  releaseDate!: string | null

  @Field(() => Int, { nullable: true, description: 'Its length in minutes; null when unknown.' })
  runtimeMinutes!: number | null

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds from the beginning at which the closing credits start; null when unknown.',
  })
  creditsStartSec!: number | null
}
