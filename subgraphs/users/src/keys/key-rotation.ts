import type { Clock } from '@cinegraph/kit/clock'
import { JWKS_MAX_AGE_SECONDS } from './jwks.route.js'
import type { KeyEncryption } from './key-encryption.js'
import { decryptKey, isRetired, makeKey, signerAt } from './signing-key.js'
import type { SigningKeyRepository, SigningKeyRow } from './signing-key.repository.js'

/** For clocks that differ, and for who reads the keys a little late. */
const MARGIN_MS = 60_000

/** Whoever stole a key chooses how long its tokens live. By then no gateway has had it in its memory for long. */
const REVOKED_MS = 365 * 86_400_000

export type KeyState = 'signs' | 'published' | 'verifies' | 'retired'

export type KeySummary = Pick<SigningKeyRow, 'id' | 'createdAt' | 'signsFrom' | 'retiresAt'> & {
  /** `published` does not sign yet, `verifies` no longer. */
  readonly state: KeyState
}

export type RotationOutcome =
  | {
      readonly kind: 'rotated'
      readonly key: KeySummary
      /** The keys that it follows, and when they retire. */
      readonly followed: readonly string[]
      readonly retiresAt: Date
    }
  /** The key of an earlier rotation does not sign yet. */
  | { readonly kind: 'under-way'; readonly key: KeySummary }

export interface KeyRotationDependencies {
  repository: SigningKeyRepository
  encryption: KeyEncryption
  /** Life of an access token. */
  lifeSeconds: number
  now: Clock
}

/** What an operator does with the keys of access tokens. Running processes follow within seconds. */
export class KeyRotation {
  constructor(private readonly dependencies: KeyRotationDependencies) {}

  /** All keys, the newest first. */
  async list(): Promise<KeySummary[]> {
    const rows = await this.dependencies.repository.findAll()
    return this.summaries(rows)
  }

  /**
   * A new key signs as soon as every gateway must know it; the others retire when the last token of theirs is dead. Throws
   * ConfigError when the encryption secret is not the one of the processes that run.
   */
  rotate(): Promise<RotationOutcome> {
    const { repository, encryption, lifeSeconds, now } = this.dependencies
    return repository.inTurn(async (keys) => {
      const rows = await keys.findAll()
      this.requireOpen(rows)
      const [newest] = this.summaries(rows)
      if (newest?.state === 'published') return { kind: 'under-way', key: newest }
      const createdAt = now()
      const signsFrom = newest ? later(createdAt, JWKS_MAX_AGE_SECONDS * 1000) : createdAt
      const retiresAt = later(signsFrom, lifeSeconds * 1000)
      await keys.retireAll(retiresAt)
      const added = await makeKey(encryption, { createdAt, signsFrom })
      await keys.add(added)
      const [key] = this.summaries([added, ...rows])
      const followed = rows.filter((row) => row.retiresAt === null).map(({ id }) => id)
      return { kind: 'rotated', key: key!, followed, retiresAt }
    })
  }

  /**
   * For keys that somebody else may have: a new one signs at once, all others are deleted and their tokens refused. Throws
   * ConfigError as `rotate` does.
   */
  replaceAll(): Promise<{ key: KeySummary; revoked: readonly string[] }> {
    const { repository, encryption, now } = this.dependencies
    return repository.inTurn(async (keys) => {
      const rows = await keys.findAll()
      this.requireOpen(rows)
      const createdAt = now()
      const added = await makeKey(encryption, { createdAt, signsFrom: createdAt })
      await keys.add(added)
      const revoked = rows.map(({ id }) => id)
      await keys.revoke(revoked, new Date(createdAt.getTime() + REVOKED_MS))
      const [key] = this.summaries([added])
      return { key: key!, revoked }
    })
  }

  /** Encrypts all keys, which `old` opens, anew. Returns how many there are. Throws ConfigError when `old` does not open one. */
  reencrypt(old: KeyEncryption): Promise<number> {
    const { repository, encryption } = this.dependencies
    return repository.inTurn(async (keys) => {
      const rows = await keys.findAll()
      for (const row of rows) {
        const privateJwk = decryptKey(row, old, 'USERS_KEY_ENCRYPTION_SECRET_OLD')
        await keys.replacePrivate(row.id, encryption.encrypt(privateJwk, row.id))
      }
      return rows.length
    })
  }

  /** A key encrypted under another secret could be used by none of the processes that run. */
  private requireOpen(rows: readonly SigningKeyRow[]): void {
    for (const row of rows) decryptKey(row, this.dependencies.encryption)
  }

  private summaries(rows: readonly SigningKeyRow[]): KeySummary[] {
    const now = this.dependencies.now()
    const signer = signerAt(rows, now)
    return rows.map(({ id, createdAt, signsFrom, retiresAt }) => ({
      ...{ id, createdAt, signsFrom, retiresAt },
      state: stateOf({ id, signsFrom, retiresAt }, { signer: signer?.id, now }),
    }))
  }
}

function stateOf(
  key: Pick<SigningKeyRow, 'id' | 'signsFrom' | 'retiresAt'>,
  { signer, now }: { signer: string | undefined; now: Date },
): KeyState {
  if (isRetired(key, now)) return 'retired'
  if (key.id === signer) return 'signs'
  return key.signsFrom > now ? 'published' : 'verifies'
}

const later = (than: Date, ms: number) => new Date(than.getTime() + ms + MARGIN_MS)
