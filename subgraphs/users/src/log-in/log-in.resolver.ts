import { assertNever } from '@cinegraph/kit/errors'
import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql'
import { LoginTaken, WeakPassword } from '../accounts/account-refusal.type.js'
import type { UsersContext } from '../context.js'
import type { LogInService } from './log-in.service.js'
import { LogInInput } from './log-in.type.js'
import { RegisterArgs } from './register.args.js'
import { RegisterResult } from './register.type.js'
import { Session } from '../sessions/session.type.js'
import { toSession } from '../sessions/to-session.js'
import type { TokenDelivery } from '../sessions/token-delivery.type.js'
import { DeliveryArg } from '../sessions/token-delivery.type.js'

@Resolver()
export class LogInResolver {
  constructor(private readonly logIns: LogInService) {}

  @Mutation(() => RegisterResult, {
    description:
      'Makes an account with the role `user` and logs it in. An email address that was given gets a mail to confirm it. ' +
      'RATE_LIMITED, with `retryAfterSeconds`, when one address registers too often.',
  })
  async register(
    @Args(() => RegisterArgs) { input, delivery, language }: RegisterArgs,
    @Ctx() context: UsersContext,
  ): Promise<typeof RegisterResult> {
    const outcome = await this.logIns.register(input, { ...context, language })
    switch (outcome.kind) {
      case 'registered':
        return toSession(outcome.session, delivery, context)
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
    const session = await this.logIns.logIn(input, context)
    return toSession(session, delivery, context)
  }
}
