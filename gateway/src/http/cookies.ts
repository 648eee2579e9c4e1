import { AppError } from '@cinegraph/kit/errors'
import { parseCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'
import type { AllowedOrigins } from './cors.js'

export interface CookieRules {
  /** The cookie that holds an access token; without it only the Authorization header does. */
  readonly accessToken?: string | undefined
  /** All cookies that mean anything here. Others are as if they had not been sent. */
  readonly names: ReadonlySet<string>
  /** Origins whose pages may send them, besides our own. */
  readonly origins: AllowedOrigins
}

const REFUSAL =
  'Cookies are not accepted from pages of this origin: CORS_ORIGINS does not list it. ' +
  'The origin of this server itself needs no listing, but TRUST_PROXY when a proxy stands before it.'

/**
 * The cookies of a request, by name. A browser sends them along with whatever any page asks of us, so a request that
 * has one and does not come from an allowed page is FORBIDDEN.
 */
export function cookiesOf(
  request: FastifyRequest,
  { names, origins }: CookieRules,
): Readonly<Record<string, string>> {
  const received = new Map<string, string>()
  for (const [name, value] of Object.entries(parseCookie(request.headers.cookie ?? ''))) {
    if (value !== undefined && names.has(name)) received.set(name, value)
  }
  if (received.size > 0) requireAllowed(request, origins)
  return Object.fromEntries(received)
}

/**
 * Before cookies are set: a browser keeps them whatever page asked, so that page could log somebody in to an account of
 * its own choice. FORBIDDEN, as when it sends some.
 */
export function requireSettable(
  request: FastifyRequest,
  toSet: readonly string[],
  { origins }: CookieRules,
): void {
  if (toSet.length > 0) requireAllowed(request, origins)
}

function requireAllowed(request: FastifyRequest, origins: AllowedOrigins): void {
  if (!comesFrom(request, origins)) throw new AppError('FORBIDDEN', REFUSAL)
}

/** Older browsers and other programs send neither header: against their forms stands Apollo's `csrfPrevention`. */
function comesFrom(request: FastifyRequest, origins: AllowedOrigins): boolean {
  const { origin, 'sec-fetch-site': site = 'none' } = request.headers
  if (origin === undefined) return site === 'same-origin' || site === 'none'
  // what development allows to call may not use cookies: any program on this machine can serve such a page
  return origin === originOf(request) || (origins !== 'development' && origins.includes(origin))
}

/** As the client addressed us. */
function originOf({ protocol, host }: FastifyRequest): string | undefined {
  const url = `${protocol}://${host}`
  return URL.canParse(url) ? new URL(url).origin : undefined
}
