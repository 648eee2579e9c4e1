import { Directive, Field, ID, ObjectType } from 'type-graphql'

// described by the people subgraph, which owns it
@Directive('@key(fields: "id")')
@ObjectType('Genre')
export class Genre {
  @Field(() => ID)
  id!: string
}
