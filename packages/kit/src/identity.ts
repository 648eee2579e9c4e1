import {
  calculateJwkThumbprint,
  CompactSign,
  type CryptoKey,
  errors,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTHeaderParameters,
  jwtVerify,
} from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { type Clock, systemClock } from './clock.js'
import { AppError } from './errors.js'

/** Who asks. Made only from a verified token: by the gateway from a JWT, by subgraphs from the gateway's signature. */
export type Viewer =
  | { readonly kind: 'anonymous'; readonly roles: readonly []; readonly permissions: readonly [] }
  | {
      readonly kind: 'user'
      readonly id: string
      readonly sessionId: string
      readonly roles: readonly string[]
      readonly permissions: readonly string[]
    }
export type UserViewer = Extract<Viewer, { kind: 'user' }>

export const ANONYMOUS: Viewer = { kind: 'anonymous', roles: [], permissions: [] }

/** The header that carries a signed viewer from the gateway to one subgraph. */
export const VIEWER_HEADER = 'x-cinegraph-viewer'

const LIFETIME_SECONDS = 60
// a cached token is replaced while the receiver would still accept it for this long
const RENEW_BEFORE_SECONDS = 30

/** Throws UNAUTHENTICATED for an anonymous viewer. */
export function requireUser(viewer: Viewer): UserViewer {
  if (viewer.kind === 'user') return viewer
  throw new AppError('UNAUTHENTICATED', 'Log in to do this.')
}

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer has `permission`, e.g. `films:write`. */
export function requirePermission(viewer: Viewer, permission: string): UserViewer {
  const user = requireUser(viewer)
  if (user.permissions.includes(permission)) return user
  throw new AppError('FORBIDDEN', `This needs the permission ${permission}.`)
}

export type SignViewer = (viewer: Viewer, audience: string) => Promise<string>
/** One public key, or several as a JWK Set. */
export type PublicKeys = JWK | JSONWebKeySet
export type VerifyViewer = (token: string | undefined) => Promise<Viewer>

const claims = z.object({
  sub: z.string().optional(),
  sid: z.string().optional(),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
  exp: z.number(),
})

/**
 * Signs viewers for subgraphs: a compact EdDSA JWS of `{ sub, sid, roles, permissions, aud, exp }`
 * that lives 60 s, cached per viewer and audience. `privateKey` is an Ed25519 JWK; its RFC 7638 thumbprint is the `kid`.
 */
export async function createViewerSigner(
  privateKey: JWK,
  now: Clock = systemClock,
): Promise<SignViewer> {
  const key = await importJWK(privateKey, 'EdDSA')
  const kid = await calculateJwkThumbprint(privateKey)
  const cache = new LRUCache<string, { token: Promise<string>; renewAt: number }>({ max: 20_000 })
  return (viewer, audience) => {
    const seconds = Math.floor(now().getTime() / 1000)
    const identity =
      viewer.kind === 'user'
        ? {
            sub: viewer.id,
            sid: viewer.sessionId,
            roles: viewer.roles,
            permissions: viewer.permissions,
          }
        : { roles: [], permissions: [] }
    const cacheKey = JSON.stringify([audience, identity])
    const cached = cache.get(cacheKey)
    if (cached && cached.renewAt > seconds) return cached.token
    const payload = JSON.stringify({ ...identity, aud: audience, exp: seconds + LIFETIME_SECONDS })
    const token = new CompactSign(new TextEncoder().encode(payload))
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .sign(key)
    cache.set(cacheKey, { token, renewAt: seconds + LIFETIME_SECONDS - RENEW_BEFORE_SECONDS })
    return token
  }
}

/**
 * Verifies what the gateway signed for `audience`. Anything else, a missing token included, is UNAUTHENTICATED.
 * `publicKey` holds several keys while gateways go from one to the next; each token names its own.
 */
export async function createViewerVerifier(options: {
  publicKey: PublicKeys
  audience: string
  now?: Clock
}): Promise<VerifyViewer> {
  const { audience, now = systemClock } = options
  const keyOf = await importKeys(options.publicKey)
  const verified = new LRUCache<string, { viewer: Viewer; expiresAt: number }>({ max: 20_000 })
  const refuse = (cause: unknown) => {
    const error = new AppError('UNAUTHENTICATED', 'This service answers only the gateway.')
    error.cause = cause
    return error
  }
  return async (token) => {
    if (!token) throw refuse('no token')
    const seconds = now().getTime() / 1000
    const known = verified.get(token)
    if (known) {
      if (known.expiresAt > seconds) return known.viewer
      throw refuse('expired')
    }
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: ['EdDSA'],
      audience,
      currentDate: now(),
    }).catch((error: unknown) => {
      throw refuse(error)
    })
    const parsed = claims.safeParse(payload)
    if (!parsed.success) throw refuse(parsed.error)
    const viewer = viewerOf(parsed.data)
    if (!viewer) throw refuse('neither a user with a session nor anonymous')
    verified.set(token, { viewer, expiresAt: parsed.data.exp })
    return viewer
  }
}

/** The key that a token's header names by its thumbprint. */
async function importKeys(given: PublicKeys) {
  const jwks = isSet(given) ? given.keys : [given]
  const keys = new Map<string | undefined, CryptoKey | Uint8Array>()
  for (const jwk of jwks) {
    keys.set(await calculateJwkThumbprint(jwk), await importJWK(jwk, 'EdDSA'))
  }
  return ({ kid }: JWTHeaderParameters) => {
    const key = keys.get(kid)
    if (!key) throw new errors.JWKSNoMatchingKey()
    return key
  }
}

const isSet = (keys: PublicKeys): keys is JSONWebKeySet => 'keys' in keys

function viewerOf({ sub, sid, roles, permissions }: z.output<typeof claims>): Viewer | undefined {
  if (sub !== undefined && sid !== undefined) {
    return { kind: 'user', id: sub, sessionId: sid, roles, permissions }
  }
  return sub === undefined && sid === undefined ? ANONYMOUS : undefined
}
