import { ArgsType, Field } from 'type-graphql'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../accounts/account.rules.js'
import { MailLanguageArgs } from './mail-language.args.js'

const TOKEN = 'From the link of the mail, behind `#token=`. It can be used once.'

@ArgsType()
export class ConfirmEmailArgs {
  @Field(() => String, { description: TOKEN })
  token!: string
}

@ArgsType()
export class ChangeEmailArgs extends MailLanguageArgs {
  @Field(() => String, { description: 'The address to be.' })
  newEmail!: string

  @Field(() => String, {
    nullable: true,
    description: 'Your password; only an account without a password leaves it out.',
  })
  password?: string | null
}

@ArgsType()
export class ResetPasswordArgs extends MailLanguageArgs {
  @Field(() => String, { description: TOKEN })
  token!: string

  @Field(() => String, {
    description: `The password to be, ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters of any kind.`,
  })
  newPassword!: string
}
