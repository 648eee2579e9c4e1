import { assertNever } from '@cinegraph/kit/errors'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import { LoginTaken, RegisterInput, RegisterResult, WeakPassword } from './register.type.js'
import type { IssuedSession, RegisterOutcome, SessionService } from './session.service.js'
import { LogInInput, Session } from './session.type.js'

@Resolver(() => Session)
export class SessionResolver {
  constructor(private readonly sessions: SessionService) {}

  @Mutation(() => RegisterResult, {
    description: 'Makes an account with the role `user` and logs it in.',
  })
  async register(
    @Arg('input', () => RegisterInput, { description: 'The account.' }) input: RegisterInput,
    @Ctx() { signal }: UsersContext,
  ): Promise<typeof RegisterResult> {
    return toRegisterResult(await this.sessions.register(input, signal))
  }

  @Mutation(() => Session, {
    description:
      'Logs in. UNAUTHENTICATED when there is no such login or the password is another one: which of them is not told.',
  })
  async logIn(
    @Arg('input', () => LogInInput, { description: 'Login and password.' }) input: LogInInput,
    @Ctx() { signal }: UsersContext,
  ): Promise<Session> {
    return toSession(await this.sessions.logIn(input, signal))
  }

  @Mutation(() => Session, {
    description:
      'Exchanges a refresh token for a new session. A token counts once: when it is used again later than 10 seconds ' +
      'after the first time, the session ends for everyone who holds a token of it. UNAUTHENTICATED when the session has ended.',
  })
  async refreshSession(
    @Arg('refreshToken', () => String, { description: 'The newest refresh token of the session.' })
    refreshToken: string,
  ): Promise<Session> {
    return toSession(await this.sessions.refresh(refreshToken))
  }
}

const toSession = ({ account, access, refresh }: IssuedSession): Session =>
  Object.assign(new Session(), {
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken: refresh.token,
    refreshTokenExpiresAt: refresh.expiresAt,
    user: account,
  })

function toRegisterResult(outcome: RegisterOutcome): typeof RegisterResult {
  switch (outcome.kind) {
    case 'registered':
      return toSession(outcome.session)
    case 'login-taken':
      return Object.assign(new LoginTaken(), { login: outcome.login })
    case 'weak-password':
      return Object.assign(new WeakPassword(), { reason: outcome.weakness })
    default:
      return assertNever(outcome)
  }
}
