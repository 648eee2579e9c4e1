import { ConfigError } from '@cinegraph/kit/config'
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose'
import type { KeyEncryption } from './key-encryption.js'
import type { SigningKeyRow } from './signing-key.repository.js'

export const SIGNING_ALGORITHM = 'EdDSA'

export interface SigningKey {
  readonly kid: string
  readonly key: CryptoKey | Uint8Array
}

/** A new key, its private half encrypted. */
export async function makeKey(
  encryption: KeyEncryption,
  times: Pick<SigningKeyRow, 'createdAt' | 'signsFrom'>,
): Promise<SigningKeyRow> {
  const pair = await generateKeyPair(SIGNING_ALGORITHM, { crv: 'Ed25519', extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  const id = await calculateJwkThumbprint(publicJwk)
  const privateJwk = JSON.stringify(await exportJWK(pair.privateKey))
  const encryptedPrivate = encryption.encrypt(privateJwk, id)
  return { id, publicJwk, encryptedPrivate, ...times, retiresAt: null }
}

/** The private JWK in JSON. A secret that does not open it is a ConfigError that names `setting`. */
export function decryptKey(
  row: SigningKeyRow,
  encryption: KeyEncryption,
  setting = 'USERS_KEY_ENCRYPTION_SECRET',
): string {
  const privateJwk = encryption.decrypt(row.encryptedPrivate, row.id)
  if (privateJwk !== undefined) return privateJwk
  throw new ConfigError([
    `${setting}: does not open the signing keys in the database; set the secret they were made with`,
  ])
}

/** What signs with a key. Throws ConfigError as `decryptKey` does. */
export async function openKey(row: SigningKeyRow, encryption: KeyEncryption): Promise<SigningKey> {
  const privateJwk = JSON.parse(decryptKey(row, encryption)) as JWK
  return { kid: row.id, key: await importJWK(privateJwk, SIGNING_ALGORITHM) }
}

export const isRetired = ({ retiresAt }: Pick<SigningKeyRow, 'retiresAt'>, now: Date): boolean =>
  retiresAt !== null && retiresAt <= now

/**
 * Which of `keys`, the one that begins last first, signs at `now`: the last that has begun. When none has, the first that
 * will: it was made by a process whose clock is ahead of ours.
 */
export function signerAt<K extends Pick<SigningKeyRow, 'signsFrom' | 'retiresAt'>>(
  keys: readonly K[],
  now: Date,
): K | undefined {
  const live = keys.filter((key) => !isRetired(key, now))
  return live.find(({ signsFrom }) => signsFrom <= now) ?? live.at(-1)
}
