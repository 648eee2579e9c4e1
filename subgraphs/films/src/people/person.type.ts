import { Directive, Field, ID, ObjectType } from 'type-graphql'

// described by the people subgraph, which owns it
@Directive('@key(fields: "id")')
@ObjectType('Person')
export class Person {
  @Field(() => ID)
  id!: string
}
