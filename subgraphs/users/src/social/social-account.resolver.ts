import { assertNever } from '@cinegraph/kit/errors'
import { Authenticated } from '@cinegraph/kit/graphql/authorization'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { User } from '../accounts/user.type.js'
import type { UsersContext } from '../context.js'
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
import { CallbackArg, ProviderArg, RedirectUriArg } from './social.args.js'
import type { SocialCallback } from './social-flow.service.js'
import type { LinkOutcome, SocialLinkService } from './social-link.service.js'
import type { SocialProvider } from './social-provider.js'
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
      '`completeSocialLink`. Errors as of `startSocialSignIn`.',
  })
  startSocialLink(
    @ProviderArg('Whose account shall be linked.') provider: SocialProvider,
    @RedirectUriArg() redirectUri: string,
    @Ctx() context: UsersContext,
  ): Promise<SocialFlow> {
    return this.links.begin(context.viewer, { provider, redirectUri }, context)
  }

  @Authenticated()
  @Mutation(() => SocialLinkResult, {
    description:
      'Links what the person came back with. You have to be the one who began. Counts once, as `completeSocialSignIn`; ' +
      'SERVICE_UNAVAILABLE when the provider does not say who it is.',
  })
  async completeSocialLink(
    @CallbackArg() input: SocialCallback,
    @Ctx() context: UsersContext,
  ): Promise<typeof SocialLinkResult> {
    const outcome = await this.links.complete(context.viewer, input, context.signal)
    return toLinkResult(outcome, context)
  }

  @Authenticated()
  @Mutation(() => SocialLinkResult, {
    description:
      'Links the social account of a `ConfirmByLoggingIn`, once its owner has logged in. Only the account that has the ' +
      'email address may: for every other one the offer does not exist.',
  })
  async linkSocialAccount(
    @Arg('linkToken', () => String, { description: 'The one of `ConfirmByLoggingIn`.' })
    linkToken: string,
    @Ctx() context: UsersContext,
  ): Promise<typeof SocialLinkResult> {
    return toLinkResult(await this.links.accept(context.viewer, linkToken), context)
  }

  @Authenticated()
  @Mutation(() => SocialUnlinkResult, {
    description:
      'From now on this provider logs nobody in to your account. Safe to repeat. Sessions stay; `endOtherSessions` ends them.',
  })
  async unlinkSocialAccount(
    @ProviderArg('Whose account shall be unlinked.') provider: SocialProvider,
    @Ctx() context: UsersContext,
  ): Promise<typeof SocialUnlinkResult> {
    return (await this.links.unlink(context.viewer, provider))
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
