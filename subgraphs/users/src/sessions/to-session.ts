import type { SessionCookies } from './session-cookies.js'
import type { IssuedSession } from './session.service.js'
import { Session } from './session.type.js'
import { TokenDelivery } from './token-delivery.type.js'

/** What every mutation that logs in answers. With COOKIE the tokens leave as cookies, and only so. */
export function toSession(
  { account, access, refresh }: IssuedSession,
  delivery: TokenDelivery,
  cookies: SessionCookies,
): Session {
  const inBody = delivery === TokenDelivery.BODY
  if (!inBody) cookies.set({ access, refresh })
  return Object.assign(new Session(), {
    accessToken: inBody ? access.token : null,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken: inBody ? refresh.token : null,
    refreshTokenExpiresAt: refresh.expiresAt,
    user: account,
  })
}
