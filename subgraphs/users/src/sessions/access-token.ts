import { randomUUID } from 'node:crypto'
import type { Clock } from '@cinegraph/kit/clock'
import { SignJWT } from 'jose'
import type { KeyRing } from '../keys/key-ring.js'
import { SIGNING_ALGORITHM } from '../keys/signing-key.js'

export interface AccessTokenOptions {
  issuer: string
  audience: string
  lifeSeconds: number
}

export interface Subject {
  readonly userId: string
  readonly sessionId: string
  /** Of the account; a gateway refuses those before the one that it was told of. */
  readonly generation: number
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
}

export type IssueAccessToken = (subject: Subject) => Promise<IssuedToken>

/** Issues JWTs (RFC 9068, EdDSA) with `sub, sid, gen, roles, permissions, jti, iss, aud, iat, exp`. */
export function createAccessTokens(options: {
  keys: KeyRing
  token: AccessTokenOptions
  now: Clock
}): IssueAccessToken {
  const { issuer, audience, lifeSeconds } = options.token
  return async ({ userId, sessionId, generation, roles, permissions }) => {
    const { kid, key } = options.keys.current()
    const issuedAt = Math.floor(options.now().getTime() / 1000)
    const expiresAt = issuedAt + lifeSeconds
    const token = await new SignJWT({ sid: sessionId, gen: generation, roles, permissions })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: 'at+jwt', kid })
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .setJti(randomUUID())
      .sign(key)
    return { token, expiresAt: new Date(expiresAt * 1000) }
  }
}
