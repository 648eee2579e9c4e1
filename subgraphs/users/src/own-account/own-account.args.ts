import { ArgsType, Field } from 'type-graphql'
import { MailLanguageArgs } from '../email/mail-language.args.js'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../accounts/account.rules.js'

@ArgsType()
export class ChangePasswordArgs extends MailLanguageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Your password up to now; only an account without a password leaves it out.',
  })
  oldPassword?: string | null

  @Field(() => String, {
    description: `The password to be, ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters of any kind.`,
  })
  newPassword!: string
}
