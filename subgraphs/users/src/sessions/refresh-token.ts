import { createHash, randomBytes } from 'node:crypto'
import type { IssuedToken } from './access-token.js'
import type { NewToken } from './refresh-token.repository.js'

export const DAY_MS = 86_400_000

/** Opaque, 256 random bits: a fast hash is enough at rest, there is nothing to guess. */
const newRefreshToken = (): string => randomBytes(32).toString('base64url')

export const hashRefreshToken = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token).digest())

export function makeRefreshToken(createdAt: Date, days: number): IssuedToken & { row: NewToken } {
  const token = newRefreshToken()
  const expiresAt = new Date(createdAt.getTime() + days * DAY_MS)
  return { token, expiresAt, row: { hash: hashRefreshToken(token), createdAt, expiresAt } }
}
