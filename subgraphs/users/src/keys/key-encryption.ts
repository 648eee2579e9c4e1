import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/** Encrypts small secrets at rest. `context` is bound to the text: a value moved to another row does not open. */
export interface KeyEncryption {
  encrypt(plain: string, context: string): Uint8Array<ArrayBuffer>
  /** `undefined` when the secret or the context is another one, or the value was changed. */
  decrypt(encrypted: Uint8Array, context: string): string | undefined
}

/** AES-256-GCM under a key derived from `secret` with HKDF-SHA-256. A value is IV, tag, ciphertext. */
export function createKeyEncryption(secret: string): KeyEncryption {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'cinegraph/users/signing-keys/1', 32))
  return {
    encrypt(plain, context) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(context))
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), text]))
    },
    decrypt(encrypted, context) {
      const iv = encrypted.subarray(0, IV_BYTES)
      const tag = encrypted.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)
      const text = encrypted.subarray(IV_BYTES + TAG_BYTES)
      try {
        const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
        decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
        return Buffer.concat([decipher.update(text), decipher.final()]).toString()
      } catch {
        return undefined
      }
    },
  }
}
