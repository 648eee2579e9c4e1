import { createHash, randomBytes } from 'node:crypto'

/** What is stored of a secret that a client holds. */
export type SecretHash = Uint8Array<ArrayBuffer>

/** 256 random bits: a fast hash is enough at rest, there is nothing to guess. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const hashSecret = (secret: string): SecretHash =>
  new Uint8Array(createHash('sha256').update(secret).digest())
