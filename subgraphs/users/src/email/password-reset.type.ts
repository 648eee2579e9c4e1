import { createUnionType, Field, Int, ObjectType } from 'type-graphql'
import { WeakPassword } from '../accounts/account-refusal.type.js'
import { LinkInvalid } from './email.type.js'

@ObjectType({
  description:
    'The password is set, all sessions of the account have ended, and no social account logs in to it: log in with the password.',
})
export class PasswordReset {
  @Field(() => String, { description: 'The login of the account, to log in with.' })
  login!: string

  @Field(() => Int, {
    description:
      'How many social accounts were unlinked. If there were any, offer to link them again after logging in.',
  })
  unlinkedSocialAccounts!: number
}

export const ResetPasswordResult = createUnionType({
  name: 'ResetPasswordResult',
  description: 'What came of a new password. After a weak one the same link can be used again.',
  types: () => [PasswordReset, WeakPassword, LinkInvalid] as const,
})
