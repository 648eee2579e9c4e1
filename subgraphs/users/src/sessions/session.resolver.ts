import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import type { RefreshService } from './refresh.service.js'
import { Session } from './session.type.js'
import { toSession } from './to-session.js'
import { DeliveryArg, TokenDelivery } from './token-delivery.type.js'

@Resolver()
export class SessionResolver {
  constructor(private readonly refreshes: RefreshService) {}

  @Mutation(() => Session, {
    description:
      'Exchanges a refresh token for a new session. A token counts once: when it is used again later than 10 seconds ' +
      'after the first time, the session ends for everyone who holds a token of it. UNAUTHENTICATED when the session ' +
      'has ended. CONFLICT for a token that was just exchanged many times: go on with the newest.',
  })
  async refreshSession(
    @Arg('refreshToken', () => String, {
      nullable: true,
      description:
        'The newest refresh token of the session. Leave it out with the delivery COOKIE to use that of the cookie.',
    })
    refreshToken: string | null,
    @DeliveryArg() delivery: TokenDelivery,
    @Ctx() context: UsersContext,
  ): Promise<Session> {
    // what a script must not read does not leave a cookie for the body
    const { client, sessionCookies } = context
    const fromCookie = delivery === TokenDelivery.COOKIE ? sessionCookies.refreshToken() : undefined
    const session = await this.refreshes.refresh(refreshToken ?? fromCookie, client)
    return toSession(session, delivery, context)
  }
}
