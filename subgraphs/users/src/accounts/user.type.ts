import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { Directive, Field, ID, ObjectType } from 'type-graphql'

const PRIVATE = 'Null unless it is your own account or you hold the permission `users:read`.'

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A person with an account.' })
export class User {
  @Field(() => ID, { description: 'UUID of the account; it never changes.' })
  id!: string

  @Field(() => String, { description: 'The public name, as it was typed at registration.' })
  login!: string

  @Field(() => String, {
    nullable: true,
    description: `Where to write to; nobody has confirmed it. ${PRIVATE} Null also when none was given.`,
  })
  email!: string | null

  @Field(() => String, {
    nullable: true,
    description: `Given name. ${PRIVATE} Null also when none was given.`,
  })
  firstName!: string | null

  @Field(() => String, {
    nullable: true,
    description: `Family name. ${PRIVATE} Null also when none was given.`,
  })
  lastName!: string | null

  @Field(() => [String], {
    nullable: true,
    description: `Names of the roles, e.g. \`user\`, \`subscriber\`, \`editor\`, \`admin\`. ${PRIVATE}`,
  })
  roles!: readonly string[] | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: `When the account was made. ${PRIVATE}`,
  })
  createdAt!: Date | null
}
