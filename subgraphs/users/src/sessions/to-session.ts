import type { UserViewer } from '@cinegraph/kit/identity'
import { User } from '../accounts/user.type.js'
import type { UsersContext } from '../context.js'
import type { IssuedSession } from './session.service.js'
import { Session } from './session.type.js'
import { TokenDelivery } from './token-delivery.type.js'

/**
 * What every mutation that logs in answers. With COOKIE the tokens leave as cookies, and only so. Its `user` is read by the
 * person who has just proved to be that, and not by who sent the request.
 */
export function toSession(
  issued: IssuedSession,
  delivery: TokenDelivery,
  { sessionCookies, readAs }: Pick<UsersContext, 'sessionCookies' | 'readAs'>,
): Session {
  const { account, access, refresh } = issued
  const inBody = delivery === TokenDelivery.BODY
  if (!inBody) sessionCookies.set({ access, refresh })
  return Object.assign(new Session(), {
    accessToken: inBody ? access.token : null,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken: inBody ? refresh.token : null,
    refreshTokenExpiresAt: refresh.expiresAt,
    user: Object.assign(new User(), account, { reader: readAs(viewerOf(issued)) }),
  })
}

const viewerOf = ({ account, sessionId }: IssuedSession): UserViewer => {
  const { id, roles, permissions } = account
  return { kind: 'user', id, sessionId, roles, permissions }
}
