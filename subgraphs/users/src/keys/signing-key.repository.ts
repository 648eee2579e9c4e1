import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { JWK } from 'jose'
import { revokeKey } from '../revocations/revocation.repository.js'

export interface SigningKeyRow {
  /** RFC 7638 thumbprint of the public key. */
  readonly id: string
  readonly publicJwk: JWK
  readonly encryptedPrivate: Uint8Array<ArrayBuffer>
  readonly createdAt: Date
  readonly signsFrom: Date
  /** Null: until it has a successor. */
  readonly retiresAt: Date | null
}

// any number that no other advisory lock of this database uses
const KEYS_LOCK = 7_265_001

/** Notified whenever the keys have changed. */
export const KEYS_CHANNEL = 'users_signing_keys'

/** The keys of access tokens. */
export class SigningKeyRepository {
  constructor(
    private readonly db: Pick<PrismaClient, 'signingKey' | 'revocation' | '$transaction'>,
  ) {}

  /** All of them, the one that begins to sign last first. */
  findAll(): Promise<SigningKeyRow[]> {
    return findAll(this.db)
  }

  /** Runs `change` alone: however many processes want to change the keys, each sees what the one before did. All or nothing. */
  inTurn<T>(change: (keys: SigningKeyChanges) => Promise<T>): Promise<T> {
    return this.db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${KEYS_LOCK})`
      const result = await change(new SigningKeyChanges(tx))
      await tx.$executeRaw`SELECT pg_notify(${KEYS_CHANNEL}, '')`
      return result
    })
  }

  /** Deletes those that have retired. Returns how many there were. */
  async deleteExpired(now: Date): Promise<number> {
    const { count } = await this.db.signingKey.deleteMany({ where: { retiresAt: { lte: now } } })
    return count
  }
}

/** What may be done to the keys in turn. */
export class SigningKeyChanges {
  constructor(private readonly db: Pick<PrismaClient, 'signingKey' | 'revocation'>) {}

  findAll(): Promise<SigningKeyRow[]> {
    return findAll(this.db)
  }

  async add({ publicJwk, ...row }: SigningKeyRow): Promise<void> {
    await this.db.signingKey.create({
      data: { ...row, publicJwk: { ...publicJwk } },
    })
  }

  /** Those that would go on for ever retire at `at`. */
  async retireAll(at: Date): Promise<void> {
    await this.db.signingKey.updateMany({ where: { retiresAt: null }, data: { retiresAt: at } })
  }

  /** Deletes these keys and has their tokens refused until `until`. */
  async revoke(ids: readonly string[], until: Date): Promise<void> {
    await this.db.signingKey.deleteMany({ where: { id: { in: [...ids] } } })
    for (const keyId of ids) await revokeKey(this.db, { keyId, expiresAt: until })
  }

  async replacePrivate(
    id: string,
    encryptedPrivate: SigningKeyRow['encryptedPrivate'],
  ): Promise<void> {
    await this.db.signingKey.update({ where: { id }, data: { encryptedPrivate } })
  }
}

async function findAll(db: Pick<PrismaClient, 'signingKey'>): Promise<SigningKeyRow[]> {
  const rows = await db.signingKey.findMany({
    select: {
      id: true,
      publicJwk: true,
      encryptedPrivate: true,
      createdAt: true,
      signsFrom: true,
      retiresAt: true,
    },
    orderBy: [{ signsFrom: 'desc' }, { createdAt: 'desc' }],
  })
  return rows.map((row) => ({ ...row, publicJwk: row.publicJwk as JWK }))
}
