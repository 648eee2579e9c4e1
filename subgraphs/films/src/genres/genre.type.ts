import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Directive, Field, ID, ObjectType } from 'type-graphql'

// described by the people subgraph, which owns it
@Directive('@key(fields: "id")')
@CacheControl({ maxAge: 30 })
@ObjectType('Genre')
export class Genre {
  @Field(() => ID)
  id!: string
}
