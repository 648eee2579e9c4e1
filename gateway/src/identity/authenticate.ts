import { AppError } from '@cinegraph/kit/errors'
import { ANONYMOUS, type Viewer } from '@cinegraph/kit/identity'
import { errors, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { KeySource } from './key-source.js'

/**
 * Who sends an `Authorization` header. Without one: anonymous. A token that is not valid is UNAUTHENTICATED,
 * never silently anonymous; keys that cannot be had are a DependencyError.
 */
export type Authenticate = (authorization: string | undefined) => Promise<Viewer>

export interface TokenRules {
  keys: KeySource
  issuer: string
  audience: string
}

const claims = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
  exp: z.number(),
})

const CLOCK_TOLERANCE_SECONDS = 5
// bounds how long a withdrawn key is still honoured
const REMEMBERED_MS = 30_000

/** Everyone is anonymous: an Authorization header is ignored. */
export const everyoneAnonymous: Authenticate = async () => ANONYMOUS

export function createAuthenticate(rules: TokenRules): Authenticate {
  const verified = new LRUCache<string, Viewer>({ max: 10_000, ttl: REMEMBERED_MS })
  return async (authorization) => {
    if (authorization === undefined) return ANONYMOUS
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    if (!token) throw refuse('The Authorization header is not of the form "Bearer TOKEN".')
    const known = verified.get(token)
    if (known) return known
    const { viewer, expiresAt } = await verify(token, rules)
    const ttl = Math.min(REMEMBERED_MS, expiresAt - Date.now())
    if (ttl > 0) verified.set(token, viewer, { ttl })
    return viewer
  }
}

async function verify(token: string, { keys, issuer, audience }: TokenRules) {
  const { payload } = await jwtVerify(token, keys.keyOf, {
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
  const { sub, sid, roles, permissions, exp } = parsed.data
  const viewer: Viewer = { kind: 'user', id: sub, sessionId: sid, roles, permissions }
  return { viewer, expiresAt: exp * 1000 }
}

function refuse(message: string, cause?: unknown): AppError {
  const error = new AppError('UNAUTHENTICATED', message)
  error.cause = cause
  return error
}
