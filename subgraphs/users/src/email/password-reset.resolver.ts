import { assertNever } from '@cinegraph/kit/errors'
import type { Language } from '@cinegraph/kit/language'
import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import { WeakPassword } from '../accounts/account-refusal.type.js'
import { RESET_HOURS } from './email-tokens.js'
import { ResetPasswordArgs } from './email.args.js'
import { LinkInvalid } from './email.type.js'
import { MailLanguageArg } from './mail-language.args.js'
import type { PasswordResetService } from './password-reset.service.js'
import { PasswordReset, ResetPasswordResult } from './password-reset.type.js'

@Resolver()
export class PasswordResetResolver {
  constructor(private readonly resets: PasswordResetService) {}

  @Mutation(() => Boolean, {
    description:
      'Sends a link to set a new password, if this is the confirmed address of an account. Always true: whether it is, is not ' +
      `told. The link can be used once, within ${RESET_HOURS} hour, and only the newest. BAD_USER_INPUT; RATE_LIMITED.`,
  })
  async requestPasswordReset(
    @Arg('email', () => String, { description: 'The address, in any case.' }) email: string,
    @MailLanguageArg() language: Language,
    @Ctx() { client }: UsersContext,
  ): Promise<boolean> {
    await this.resets.request(email, { client, language })
    return true
  }

  @Mutation(() => ResetPasswordResult, {
    description:
      'Sets a new password, or a first one, by a link that was sent. All sessions of the account end at once, everywhere, ' +
      'and its social accounts are unlinked, for one of them may be a thief’s. BAD_USER_INPUT when the password ' +
      'is too short or too long.',
  })
  async resetPassword(
    @Args(() => ResetPasswordArgs) given: ResetPasswordArgs,
    @Ctx() { client, signal }: UsersContext,
  ): Promise<typeof ResetPasswordResult> {
    const outcome = await this.resets.reset(given, { client, signal })
    switch (outcome.kind) {
      case 'reset':
        return Object.assign(new PasswordReset(), {
          login: outcome.login,
          unlinkedSocialAccounts: outcome.unlinked,
        })
      case 'weak-password':
        return Object.assign(new WeakPassword(), { reason: outcome.weakness })
      case 'invalid':
        return Object.assign(new LinkInvalid(), { expired: outcome.expired })
      default:
        return assertNever(outcome)
    }
  }
}
