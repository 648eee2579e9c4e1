import type { Clock } from '@cinegraph/kit/clock'
import type { Cookies } from '@cinegraph/kit/cookies'
import type { IssuedToken } from './access-token.js'

/** Names of the cookies; `__Host-` lets no other host or subdomain set them. */
export const ACCESS_COOKIE = '__Host-cinegraph-access'
export const REFRESH_COOKIE = '__Host-cinegraph-refresh'

/** Which requests of other sites carry the cookies: none, those that follow a link, or all. */
export const SAME_SITE = ['strict', 'lax', 'none'] as const
export type SameSite = (typeof SAME_SITE)[number]

/** The tokens of a session as cookies that no script can read. */
export interface SessionCookies {
  refreshToken(): string | undefined
  /** Both live as long as the session: a request with an access token that has expired is told so, one without is nobody's. */
  set(tokens: { access: IssuedToken; refresh: IssuedToken }): void
  clear(): void
}

export function createSessionCookies(
  cookies: Cookies,
  { sameSite, now }: { sameSite: SameSite; now: Clock },
): SessionCookies {
  const attributes = { httpOnly: true, secure: true, sameSite, path: '/' } as const
  return {
    refreshToken: () => cookies.get(REFRESH_COOKIE),
    set({ access, refresh }) {
      const maxAge = Math.floor((refresh.expiresAt.getTime() - now().getTime()) / 1000)
      cookies.set({ name: ACCESS_COOKIE, value: access.token, maxAge, ...attributes })
      cookies.set({ name: REFRESH_COOKIE, value: refresh.token, maxAge, ...attributes })
    },
    clear() {
      for (const name of [ACCESS_COOKIE, REFRESH_COOKIE]) {
        cookies.set({ name, value: '', maxAge: 0, ...attributes })
      }
    },
  }
}
