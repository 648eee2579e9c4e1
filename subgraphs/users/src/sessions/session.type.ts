import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { Field, ObjectType } from 'type-graphql'
import { User } from '../accounts/user.type.js'

@ObjectType({ description: 'Someone who is logged in, and the tokens that prove it.' })
export class Session {
  @Field(() => String, {
    nullable: true,
    description:
      'Send it with every request as `Authorization: Bearer <accessToken>`. Null when the tokens are delivered as cookies.',
  })
  accessToken!: string | null

  @Field(() => GraphQLDateTime, {
    description: 'From then on the access token is refused; call `refreshSession` shortly before.',
  })
  accessTokenExpiresAt!: Date

  @Field(() => String, {
    nullable: true,
    description:
      'Exchange it once for a new session with `refreshSession`, then forget it. Keep it secret. Null when the tokens are delivered as cookies.',
  })
  refreshToken!: string | null

  @Field(() => GraphQLDateTime, {
    description: 'From then on the person has to log in again. Every refresh moves it on.',
  })
  refreshTokenExpiresAt!: Date

  @Field(() => User, { description: 'Who is logged in, with all private fields.' })
  user!: User
}
