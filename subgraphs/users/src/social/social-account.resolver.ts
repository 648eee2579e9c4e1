import { assertNever } from '@cinegraph/kit/errors'
import { Authenticated } from '@cinegraph/kit/graphql/authorization'
import type { Language } from '@cinegraph/kit/language'
import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { User } from '../accounts/user.type.js'
import { CONFIRM_OWNER } from '../authentication/owner-confirmation.args.js'
import type { UsersContext } from '../context.js'
import { MailLanguageArg } from '../email/mail-language.args.js'
import {
  LinkSocialAccountArgs,
  StartSocialLinkArgs,
  UnlinkSocialAccountArgs,
} from './social-account.args.js'
import type { LinkedAccount } from './social-account.repository.js'
import {
  LastCredential,
  OtherSocialAccountLinked,
  SocialAccount,
  SocialAccountLinked,
  SocialAccountTaken,
  SocialAccountUnlinked,
  SocialLinkResult,
  SocialUnlinkResult,
} from './social-account.type.js'
import { CallbackArg } from './social.args.js'
import type { SocialCallback } from './social-flow.service.js'
import type { LinkOutcome, SocialLinkService } from './social-link.service.js'
import { SocialFlow, SocialFlowEnded, SocialSignInRefused } from './social.type.js'

@Resolver(() => User)
export class SocialAccountResolver {
  constructor(private readonly links: SocialLinkService) {}

  @FieldResolver(() => [SocialAccount], {
    nullable: true,
    description:
      'Accounts of other services that log in to this one, the oldest link first. Null unless it is your own account or ' +
      'you hold the permission `users:read`.',
  })
  socialAccounts(
    @Root() { id, reader }: User,
    @Ctx() context: UsersContext,
  ): Promise<readonly LinkedAccount[] | null> {
    return (reader ?? context).socialAccounts.load(id)
  }

  @Authenticated()
  @Mutation(() => SocialFlow, {
    description:
      'Begins to link a social account to yours. Send the person to `authorizationUrl`; back at `redirectUri`, call ' +
      '`completeSocialLink`. Errors as of `startSocialSignIn`; besides ' +
      CONFIRM_OWNER,
  })
  startSocialLink(
    @Args(() => StartSocialLinkArgs) asked: StartSocialLinkArgs,
    @Ctx() context: UsersContext,
  ): Promise<SocialFlow> {
    return this.links.begin(context.viewer, asked, context)
  }

  @Authenticated()
  @Mutation(() => SocialLinkResult, {
    description:
      'Links what the person came back with, and tells the confirmed address. You have to be the one who began, and not to ' +
      'have changed your password since. Counts once, as `completeSocialSignIn`; SERVICE_UNAVAILABLE when the provider does ' +
      'not say who it is.',
  })
  async completeSocialLink(
    @CallbackArg() input: SocialCallback,
    @MailLanguageArg() language: Language,
    @Ctx() context: UsersContext,
  ): Promise<typeof SocialLinkResult> {
    const { viewer, signal } = context
    const outcome = await this.links.complete(viewer, { input, language }, signal)
    return toLinkResult(outcome, context)
  }

  @Authenticated()
  @Mutation(() => SocialLinkResult, {
    description:
      'Links the social account of a `ConfirmByLoggingIn`, once its owner has logged in, and tells the confirmed address. ' +
      'Only the account that has the email address may: for every other one the offer does not exist. ' +
      CONFIRM_OWNER,
  })
  async linkSocialAccount(
    @Args(() => LinkSocialAccountArgs) offered: LinkSocialAccountArgs,
    @Ctx() context: UsersContext,
  ): Promise<typeof SocialLinkResult> {
    const outcome = await this.links.accept(context.viewer, offered, context)
    return toLinkResult(outcome, context)
  }

  @Authenticated()
  @Mutation(() => SocialUnlinkResult, {
    description:
      'From now on this provider logs nobody in to your account; the confirmed address is told. Safe to repeat. Sessions ' +
      'stay; `endOtherSessions` ends them. ' +
      CONFIRM_OWNER,
  })
  async unlinkSocialAccount(
    @Args(() => UnlinkSocialAccountArgs) asked: UnlinkSocialAccountArgs,
    @Ctx() context: UsersContext,
  ): Promise<typeof SocialUnlinkResult> {
    const { provider } = asked
    return (await this.links.unlink(context.viewer, asked, context))
      ? Object.assign(new SocialAccountUnlinked(), { provider, user: await me(context) })
      : Object.assign(new LastCredential(), { provider })
  }
}

const me = async ({ viewer, users }: UsersContext) =>
  viewer.kind === 'user' ? users.load(viewer.id) : null

async function toLinkResult(
  outcome: LinkOutcome,
  context: UsersContext,
): Promise<typeof SocialLinkResult> {
  switch (outcome.kind) {
    case 'linked':
      return Object.assign(new SocialAccountLinked(), { ...outcome, user: await me(context) })
    case 'taken':
      return Object.assign(new SocialAccountTaken(), outcome)
    case 'other':
      return Object.assign(new OtherSocialAccountLinked(), outcome)
    case 'refused':
      return Object.assign(new SocialSignInRefused(), outcome)
    case 'ended':
      return new SocialFlowEnded()
    default:
      return assertNever(outcome)
  }
}
