import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { connectionOf } from '@cinegraph/kit/graphql/pagination'
import { Directive, Field, ID, ObjectType } from 'type-graphql'
import type { Reader } from '../context.js'
import type { VisibleAccount } from './account.service.js'

const PRIVATE = 'Null unless it is your own account or you hold the permission `users:read`.'

@Directive('@key(fields: "id")')
@CacheControl({ scope: 'PRIVATE' })
@ObjectType({ description: 'A person with an account.' })
export class User {
  @Field(() => ID, { description: 'UUID of the account; it never changes.' })
  id!: string

  @Field(() => String, { description: 'The public name, as it was typed at registration.' })
  login!: string

  @Field(() => String, {
    nullable: true,
    description: `Where to write to; see \`emailVerified\`. ${PRIVATE} Null also when none was given.`,
  })
  email!: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: `Whether the person has shown that mail to \`email\` reaches them. ${PRIVATE}`,
  })
  emailVerified!: boolean | null

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

  @Field(() => Boolean, {
    nullable: true,
    description: `False for a person who logs in through social accounts only. ${PRIVATE}`,
  })
  hasPassword!: boolean | null

  @Field(() => [String], {
    nullable: true,
    description: `Names of the roles, e.g. \`user\`, \`subscriber\`, \`editor\`, \`admin\`. ${PRIVATE}`,
  })
  roles!: readonly string[] | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: `Since when the account is blocked: nobody can log in to it. ${PRIVATE} Null also when it is not blocked.`,
  })
  blockedAt!: Date | null

  @Field(() => String, {
    nullable: true,
    description: `Why it is blocked, in the words of the administrator. ${PRIVATE} Null also when it is not blocked.`,
  })
  blockedReason!: string | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: `When the account was made. ${PRIVATE}`,
  })
  createdAt!: Date | null

  /** Who reads what else belongs to it, when that is not who asked. No field of the schema. */
  reader?: Reader
}

export const UserConnection = connectionOf<VisibleAccount>(() => User, 'User')
