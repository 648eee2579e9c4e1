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
import type { SigningKeyRepository, SigningKeyRow } from './signing-key.repository.js'

export const SIGNING_ALGORITHM = 'EdDSA'

export interface SigningKey {
  readonly kid: string
  readonly key: CryptoKey | Uint8Array
}

/** The keys of access tokens. Only after `load`. */
export interface KeyRing {
  /** Reads the keys, making the first one. A secret that does not open them is a ConfigError. */
  load(): Promise<void>
  /** The key that signs new tokens: the newest. */
  current(): SigningKey
  /** RFC 7517: the public half of every key whose tokens are accepted. */
  jwks(): { readonly keys: readonly JWK[] }
}

export function createKeyRing(
  repository: SigningKeyRepository,
  encryption: KeyEncryption,
): KeyRing {
  let loaded: { current: SigningKey; publicKeys: readonly JWK[] } | undefined
  const require = () => {
    if (!loaded) throw new Error('the signing keys are not loaded yet')
    return loaded
  }
  return {
    async load() {
      const rows = await repository.findOrCreate(() => makeKey(encryption))
      loaded = {
        current: await openKey(rows[0]!, encryption),
        publicKeys: rows.map(({ id, publicJwk }) => published(publicJwk, id)),
      }
    },
    current: () => require().current,
    jwks: () => ({ keys: require().publicKeys }),
  }
}

const published = (jwk: JWK, kid: string): JWK => ({
  ...jwk,
  kid,
  alg: SIGNING_ALGORITHM,
  use: 'sig',
})

async function makeKey(encryption: KeyEncryption): Promise<SigningKeyRow> {
  const pair = await generateKeyPair(SIGNING_ALGORITHM, { crv: 'Ed25519', extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  const id = await calculateJwkThumbprint(publicJwk)
  const privateJwk = JSON.stringify(await exportJWK(pair.privateKey))
  return { id, publicJwk, encryptedPrivate: encryption.encrypt(privateJwk, id) }
}

async function openKey(row: SigningKeyRow, encryption: KeyEncryption): Promise<SigningKey> {
  const privateJwk = encryption.decrypt(row.encryptedPrivate, row.id)
  if (privateJwk === undefined) {
    throw new ConfigError([
      'USERS_KEY_ENCRYPTION_SECRET: does not open the signing keys in the database; set the secret they were made with',
    ])
  }
  return { kid: row.id, key: await importJWK(JSON.parse(privateJwk) as JWK, SIGNING_ALGORITHM) }
}
