import { ArgsType, Field } from 'type-graphql'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../accounts/account.rules.js'
import { MailLanguageArgs } from './mail-language.args.js'
import { OwnersWishArgs } from './owners-wish.args.js'

const TOKEN = 'From the link of the mail, behind `#token=`. It can be used once.'

@ArgsType()
export class ConfirmEmailArgs {
  @Field(() => String, { description: TOKEN })
  token!: string
}

@ArgsType()
export class ChangeEmailArgs extends OwnersWishArgs {
  @Field(() => String, { description: 'The address to be.' })
  newEmail!: string
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
