import { assertNever } from '@cinegraph/kit/errors'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Ctx, Mutation, Query, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import { toSession } from '../sessions/to-session.js'
import { DeliveryArg, type TokenDelivery } from '../sessions/token-delivery.type.js'
import { CallbackArg, ProviderArg, RedirectUriArg } from './social.args.js'
import type { SocialCallback } from './social-flow.service.js'
import { SocialProvider } from './social-provider.js'
import type { SocialSignInService } from './social-sign-in.service.js'
import {
  ConfirmByLoggingIn,
  SocialFlow,
  SocialFlowEnded,
  SocialSignInRefused,
  SocialSignInResult,
} from './social.type.js'

@Resolver()
export class SocialSignInResolver {
  constructor(private readonly signIns: SocialSignInService) {}

  @CacheControl({ maxAge: 60 })
  @Query(() => [SocialProvider], {
    description: 'Providers that one can log in with here: show a button for each.',
  })
  socialProviders(): SocialProvider[] {
    return this.signIns.providers()
  }

  @Mutation(() => SocialFlow, {
    description:
      'Begins to log in with a social account, and to make an account here if there is none yet. Send the person to ' +
      '`authorizationUrl`; back at `redirectUri`, call `completeSocialSignIn`. BAD_USER_INPUT for a redirect URI that is ' +
      'not allowed, NOT_FOUND for a provider that is not in `socialProviders`, SERVICE_UNAVAILABLE while it does not answer.',
  })
  startSocialSignIn(
    @ProviderArg('Who shall tell who the person is.') provider: SocialProvider,
    @RedirectUriArg() redirectUri: string,
    @Ctx() context: UsersContext,
  ): Promise<SocialFlow> {
    return this.signIns.begin({ provider, redirectUri }, context)
  }

  @Mutation(() => SocialSignInResult, {
    description:
      'Logs in whoever came back from a provider. Counts once: whatever is answered, the flow is spent, so begin again to ' +
      'try again. FORBIDDEN for an account that is blocked, SERVICE_UNAVAILABLE when the provider does not say who it is.',
  })
  async completeSocialSignIn(
    @CallbackArg() input: SocialCallback,
    @DeliveryArg() delivery: TokenDelivery,
    @Ctx() context: UsersContext,
  ): Promise<typeof SocialSignInResult> {
    const outcome = await this.signIns.complete(input, context)
    switch (outcome.kind) {
      case 'signed-in':
        return toSession(outcome.session, delivery, context)
      case 'confirm':
        return Object.assign(new ConfirmByLoggingIn(), outcome)
      case 'refused':
        return Object.assign(new SocialSignInRefused(), outcome)
      case 'ended':
        return new SocialFlowEnded()
      default:
        return assertNever(outcome)
    }
  }
}
