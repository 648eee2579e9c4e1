import { createUnionType, Field, ObjectType } from 'type-graphql'
import { WeakPassword } from '../accounts/account-refusal.type.js'
import { LinkInvalid } from './email.type.js'

@ObjectType({
  description: 'The password is set, and all sessions of the account have ended: log in with it.',
})
export class PasswordReset {
  @Field(() => String, { description: 'The login of the account, to log in with.' })
  login!: string
}

export const ResetPasswordResult = createUnionType({
  name: 'ResetPasswordResult',
  description: 'What came of a new password. After a weak one the same link can be used again.',
  types: () => [PasswordReset, WeakPassword, LinkInvalid] as const,
})
