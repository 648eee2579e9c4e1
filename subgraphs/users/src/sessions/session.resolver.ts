import { AppError } from '@cinegraph/kit/errors'
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
    const { client, sessionCookies } = context
    const inCookies = delivery === TokenDelivery.COOKIE
    // what a script must not read does not leave a cookie for the body
    const token = refreshToken ?? (inCookies ? sessionCookies.refreshToken() : undefined)
    if (token === undefined && !inCookies) throw tokenMissing()
    const session = await this.refreshes.refresh(token, client)
    return toSession(session, delivery, context)
  }
}

const tokenMissing = () =>
  new AppError('BAD_USER_INPUT', 'refreshToken: is required with the delivery BODY', {
    argument: ['refreshToken'],
  })
