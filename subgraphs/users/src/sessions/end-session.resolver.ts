import { Authenticated, RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql'
import type { UsersContext } from '../context.js'
import { WRITE_USERS } from '../permissions.js'
import type { SessionService } from './session.service.js'

const REFUSED = 'Its refresh token and its access tokens are refused from then on.'

@Resolver()
export class EndSessionResolver {
  constructor(private readonly sessions: SessionService) {}

  @Mutation(() => Boolean, {
    description: `Logs out: ends the session that asks, and deletes its cookies where it has some. ${REFUSED} While no access token is valid, the cookie of the refresh token says which session it is. Whether a session ended; false when none was there any more. It never fails for that reason.`,
  })
  async logOut(@Ctx() { viewer, sessionCookies }: UsersContext): Promise<boolean> {
    const ended = await this.sessions.logOut(viewer, sessionCookies.refreshToken())
    sessionCookies.clear()
    return ended
  }

  @Authenticated()
  @Mutation(() => ID, {
    description: `Ends one of your own sessions and returns its \`id\`. ${REFUSED} NOT_FOUND when you have no such session, or it has ended.`,
  })
  async endSession(
    @Arg('id', () => ID, { description: 'Of one of `me { sessions }`.' }) id: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<string> {
    return this.sessions.endOne(viewer, id)
  }

  @Authenticated()
  @Mutation(() => Int, {
    description:
      'Ends all your sessions but the one that asks, and returns how many: for who has found a stranger among them.',
  })
  async endOtherSessions(@Ctx() { viewer }: UsersContext): Promise<number> {
    return this.sessions.endOthers(viewer)
  }

  @Authenticated()
  @Mutation(() => Int, {
    description:
      'Logs out everywhere: ends all your sessions, the one that asks too, deletes its cookies where it has some, and returns how many ended.',
  })
  async endAllSessions(@Ctx() { viewer, sessionCookies }: UsersContext): Promise<number> {
    const ended = await this.sessions.logOutEverywhere(viewer)
    sessionCookies.clear()
    return ended
  }

  @RequiresPermission(WRITE_USERS)
  @Mutation(() => Int, {
    description:
      'Ends all sessions of a person, and returns how many. Needs the permission `users:write`. NOT_FOUND when there is no such account.',
  })
  async endUserSessions(
    @Arg('id', () => ID, { description: 'The id of the account.' }) id: string,
    @Ctx() { viewer }: UsersContext,
  ): Promise<number> {
    return this.sessions.endAllOf(viewer, id)
  }
}
