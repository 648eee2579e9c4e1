import { ArgsType, Field } from 'type-graphql'
import { MailLanguageArgs } from '../email/mail-language.args.js'
import { RegisterInput } from './register.type.js'
import { DELIVERY_OPTIONS, TokenDelivery } from '../sessions/token-delivery.type.js'

@ArgsType()
export class RegisterArgs extends MailLanguageArgs {
  @Field(() => RegisterInput, { description: 'The account.' })
  input!: RegisterInput

  @Field(() => TokenDelivery, DELIVERY_OPTIONS)
  delivery!: TokenDelivery
}
