import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { JWK } from 'jose'

export interface SigningKeyRow {
  /** RFC 7638 thumbprint of the public key. */
  readonly id: string
  readonly publicJwk: JWK
  readonly encryptedPrivate: Uint8Array<ArrayBuffer>
}

// any number that no other advisory lock of this database uses
const FIRST_KEY_LOCK = 7_265_001

/** The keys of access tokens, newest first. */
export class SigningKeyRepository {
  constructor(private readonly db: Pick<PrismaClient, 'signingKey' | '$transaction'>) {}

  /** All keys; when there is none, `make` makes the first. However many processes ask at once, one makes it. */
  async findOrCreate(make: () => Promise<SigningKeyRow>): Promise<readonly SigningKeyRow[]> {
    return this.db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${FIRST_KEY_LOCK})`
      const rows = await tx.signingKey.findMany({
        select: { id: true, publicJwk: true, encryptedPrivate: true },
        orderBy: { createdAt: 'desc' },
      })
      if (rows.length > 0) return rows.map((row) => ({ ...row, publicJwk: row.publicJwk as JWK }))
      const first = await make()
      await tx.signingKey.create({
        data: { ...first, publicJwk: { ...first.publicJwk } as Record<string, string> },
      })
      return [first]
    })
  }
}
