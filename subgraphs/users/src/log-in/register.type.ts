import { createUnionType, Field, InputType } from 'type-graphql'
import {
  MAX_LOGIN_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PASSWORD_LENGTH,
  MIN_LOGIN_LENGTH,
  MIN_PASSWORD_LENGTH,
} from '../accounts/account.rules.js'
import { LoginTaken, WeakPassword } from '../accounts/account-refusal.type.js'
import { Session } from '../sessions/session.type.js'

@InputType({ description: 'A new account.' })
export class RegisterInput {
  @Field(() => String, {
    description: `Public name, ${MIN_LOGIN_LENGTH} to ${MAX_LOGIN_LENGTH} Latin letters and digits, and between them dots, hyphens and underscores. Two logins that differ only in case are the same. BAD_USER_INPUT for one that would pass for whoever runs the service, such as \`admin\`.`,
  })
  login!: string

  @Field(() => String, {
    description: `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters of any kind, spaces too.`,
  })
  password!: string

  @Field(() => String, {
    nullable: true,
    description: 'Email address; only the person and administrators see it.',
  })
  email?: string | null

  @Field(() => String, {
    nullable: true,
    description: `Given name, at most ${MAX_NAME_LENGTH} characters; only the person and administrators see it.`,
  })
  firstName?: string | null

  @Field(() => String, {
    nullable: true,
    description: `Family name, at most ${MAX_NAME_LENGTH} characters; only the person and administrators see it.`,
  })
  lastName?: string | null
}

export const RegisterResult = createUnionType({
  name: 'RegisterResult',
  description: 'What came of a registration: the person is logged in, or has to change something.',
  types: () => [Session, LoginTaken, WeakPassword] as const,
})
