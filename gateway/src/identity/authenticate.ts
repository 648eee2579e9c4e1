import { AppError } from '@cinegraph/kit/errors'
import { ANONYMOUS, type Viewer } from '@cinegraph/kit/identity'
import { errors, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { KeySource } from './key-source.js'
import type { RevocableToken } from './revocation-list.js'
import type { Revocations } from './revocations.js'

/** Where a request may carry an access token. The header wins. */
export interface Credentials {
  /** The header `Authorization`. */
  readonly authorization: string | undefined
  /** The value of the cookie for access tokens. */
  readonly cookie: string | undefined
}

/**
 * Who sends a request. Without a token: anonymous. A token that is not valid or revoked is UNAUTHENTICATED,
 * never silently anonymous; keys or revocations that cannot be had are a DependencyError.
 */
export type Authenticate = (credentials: Credentials) => Promise<Viewer>

export interface TokenRules {
  keys: KeySource
  /** Without it tokens are good until they expire. */
  revocations?: Pick<Revocations, 'check'> | undefined
  issuer: string
  audience: string
}

const claims = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  // another issuer's tokens may have none
  gen: z.int().default(0),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
  exp: z.number(),
})

const CLOCK_TOLERANCE_SECONDS = 5
// bounds how long a withdrawn key is still honoured
const REMEMBERED_MS = 30_000

/** Everyone is anonymous: tokens are ignored. */
export const everyoneAnonymous: Authenticate = async () => ANONYMOUS

interface Verified extends RevocableToken {
  readonly viewer: Viewer
  /** Milliseconds. */
  readonly expiresAt: number
}

export function createAuthenticate(rules: TokenRules): Authenticate {
  const known = new LRUCache<string, Verified>({ max: 10_000, ttl: REMEMBERED_MS })
  const verifyAnew = async (token: string) => {
    const verified = await verify(token, rules)
    const ttl = Math.min(REMEMBERED_MS, verified.expiresAt - Date.now())
    if (ttl > 0) known.set(token, verified, { ttl })
    return verified
  }
  return async (credentials) => {
    const token = tokenOf(credentials)
    if (token === undefined) return ANONYMOUS
    const verified = known.get(token) ?? (await verifyAnew(token))
    // each time: what was good a moment ago may be revoked since
    rules.revocations?.check(verified)
    return verified.viewer
  }
}

function tokenOf({ authorization, cookie }: Credentials): string | undefined {
  // what remains of a cookie that was cleared may be empty
  if (authorization === undefined) return cookie === '' ? undefined : cookie
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (token) return token
  throw refuse('The Authorization header is not of the form "Bearer TOKEN".')
}

async function verify(token: string, { keys, issuer, audience }: TokenRules): Promise<Verified> {
  const { payload, protectedHeader } = await jwtVerify(token, keys.keyOf, {
    algorithms: ['EdDSA'],
    // RFC 9068: the same key may sign other tokens, which are no access tokens
    typ: 'at+jwt',
    issuer,
    audience,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  }).catch((error: unknown) => {
    if (error instanceof errors.JWTExpired) throw refuse('The access token has expired.', error)
    if (error instanceof errors.JOSEError) throw refuse('The access token is not valid.', error)
    throw error
  })
  const parsed = claims.safeParse(payload)
  if (!parsed.success) throw refuse('The access token is not valid.', parsed.error)
  const { sub, sid, gen, roles, permissions, exp } = parsed.data
  return {
    viewer: { kind: 'user', id: sub, sessionId: sid, roles, permissions },
    expiresAt: exp * 1000,
    userId: sub,
    sessionId: sid,
    generation: gen,
    keyId: protectedHeader.kid,
  }
}

function refuse(message: string, cause?: unknown): AppError {
  const error = new AppError('UNAUTHENTICATED', message)
  error.cause = cause
  return error
}
