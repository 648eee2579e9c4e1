import { ArgsType, Field } from 'type-graphql'
import {
  OWNERS_PASSWORD_OPTIONS,
  type OwnersPassword,
} from '../authentication/owner-confirmation.args.js'
import { MailLanguageArgs } from './mail-language.args.js'

/** The arguments of what only the owner may do, and is told of by mail. */
@ArgsType()
export class OwnersWishArgs extends MailLanguageArgs {
  @Field(() => String, OWNERS_PASSWORD_OPTIONS)
  password?: OwnersPassword
}
