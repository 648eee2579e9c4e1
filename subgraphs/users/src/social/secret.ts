import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits: a fast hash is enough at rest, there is nothing to guess. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const hashSecret = (secret: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(secret).digest())
