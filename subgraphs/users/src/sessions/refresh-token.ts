import { createHash, randomBytes } from 'node:crypto'

/** Opaque, 256 random bits: a fast hash is enough at rest, there is nothing to guess. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url')

export const hashRefreshToken = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token).digest())
