import { assertNever } from '@cinegraph/kit/errors'
import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import type { LogInService } from './log-in.service.js'
import type { RefreshService } from '../sessions/refresh.service.js'
import { RegisterArgs } from './register.args.js'
import { LoginTaken, RegisterResult, WeakPassword } from './register.type.js'
import { LogInInput, Session } from '../sessions/session.type.js'
import { toSession } from '../sessions/to-session.js'
import { DeliveryArg, TokenDelivery } from '../sessions/token-delivery.type.js'

export interface SessionResolverDependencies {
  logIns: LogInService
  refreshes: RefreshService
}

@Resolver(() => Session)
export class SessionResolver {
  constructor(private readonly dependencies: SessionResolverDependencies) {}

  @Mutation(() => RegisterResult, {
    description:
      'Makes an account with the role `user` and logs it in. An email address that was given gets a mail to confirm it. ' +
      'RATE_LIMITED, with `retryAfterSeconds`, when one address registers too often.',
  })
  async register(
    @Args(() => RegisterArgs) { input, delivery, language }: RegisterArgs,
    @Ctx() context: UsersContext,
  ): Promise<typeof RegisterResult> {
    const outcome = await this.dependencies.logIns.register(input, { ...context, language })
    switch (outcome.kind) {
      case 'registered':
        return toSession(outcome.session, delivery, context.sessionCookies)
      case 'login-taken':
        return Object.assign(new LoginTaken(), { login: outcome.login })
      case 'weak-password':
        return Object.assign(new WeakPassword(), { reason: outcome.weakness })
      default:
        return assertNever(outcome)
    }
  }

  @Mutation(() => Session, {
    description:
      'Logs in. UNAUTHENTICATED when there is no such login or the password is another one: which of them is not told. ' +
      'RATE_LIMITED after too many wrong passwords: `retryAfterSeconds` in the extensions of the error tells how long to ' +
      'wait. FORBIDDEN when the account is blocked; the message says why.',
  })
  async logIn(
    @Arg('input', () => LogInInput, { description: 'Login and password.' }) input: LogInInput,
    @DeliveryArg() delivery: TokenDelivery,
    @Ctx() context: UsersContext,
  ): Promise<Session> {
    const session = await this.dependencies.logIns.logIn(input, context)
    return toSession(session, delivery, context.sessionCookies)
  }

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
    @Ctx() { client, sessionCookies }: UsersContext,
  ): Promise<Session> {
    // what a script must not read does not leave a cookie for the body
    const fromCookie = delivery === TokenDelivery.COOKIE ? sessionCookies.refreshToken() : undefined
    const session = await this.dependencies.refreshes.refresh(refreshToken ?? fromCookie, client)
    return toSession(session, delivery, sessionCookies)
  }
}
