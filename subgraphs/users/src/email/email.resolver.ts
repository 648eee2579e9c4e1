import { assertNever } from '@cinegraph/kit/errors'
import { Authenticated } from '@cinegraph/kit/graphql/authorization'
import type { Language } from '@cinegraph/kit/language'
import { Args, Ctx, Mutation, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import { ChangeEmailArgs, ConfirmEmailArgs } from './email.args.js'
import type { EmailService } from './email.service.js'
import {
  ConfirmEmailResult,
  EmailConfirmationSent,
  EmailConfirmed,
  EmailTaken,
  LinkInvalid,
} from './email.type.js'
import { MailLanguageArg } from './mail-language.args.js'

@Resolver()
export class EmailResolver {
  constructor(private readonly emails: EmailService) {}

  @Authenticated()
  @Mutation(() => EmailConfirmationSent, {
    description:
      'Sends another mail to confirm the address of your account; the first was sent when it was made. CONFLICT when it is ' +
      'confirmed, when there is none and when mail to it is refused, RATE_LIMITED.',
  })
  async resendEmailConfirmation(
    @MailLanguageArg() language: Language,
    @Ctx() { viewer, client }: UsersContext,
  ): Promise<EmailConfirmationSent> {
    const sent = await this.emails.resend(viewer, { client, language })
    return Object.assign(new EmailConfirmationSent(), sent)
  }

  @Authenticated()
  @Mutation(() => EmailConfirmationSent, {
    description:
      'Asks for another address of your account, or a first one. Nothing changes until `confirmEmail` gets the token that is ' +
      'sent to the new address; the old one, if it is confirmed, gets a notice. Somebody else’s address gets a mail that ' +
      'says so. FORBIDDEN when the password is wrong; CONFLICT when this is your confirmed address; BAD_USER_INPUT; RATE_LIMITED.',
  })
  async changeEmail(
    @Args(() => ChangeEmailArgs) asked: ChangeEmailArgs,
    @Ctx() context: UsersContext,
  ): Promise<EmailConfirmationSent> {
    const sent = await this.emails.change(context.viewer, asked, context)
    return Object.assign(new EmailConfirmationSent(), sent)
  }

  @Mutation(() => ConfirmEmailResult, {
    description:
      'Proves that you read the mail of an address: it becomes the confirmed address of the account that asked. You need ' +
      'not be logged in.',
  })
  async confirmEmail(
    @Args(() => ConfirmEmailArgs) { token }: ConfirmEmailArgs,
  ): Promise<typeof ConfirmEmailResult> {
    const outcome = await this.emails.confirm(token)
    switch (outcome.kind) {
      case 'confirmed':
        return Object.assign(new EmailConfirmed(), { email: outcome.email })
      case 'taken':
        return Object.assign(new EmailTaken(), { email: outcome.email })
      case 'invalid':
        return Object.assign(new LinkInvalid(), { expired: outcome.expired })
      default:
        return assertNever(outcome)
    }
  }
}
