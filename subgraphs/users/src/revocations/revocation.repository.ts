import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { Revocation, RevocationFeed } from '@cinegraph/kit/revocations'

/** The generation that no token reaches: for an account that is gone. */
const LAST_GENERATION = 2_147_483_647

const SIGNING_MS = 60_000

/** As many as a gateway takes in at once, however slow the database is. */
const MAX_AT_ONCE = 10_000

/**
 * Until when a revocation at `at` is kept: then the last access token that it concerns has expired, also one whose signing
 * was under way.
 */
export const revokedUntil = (at: Date, accessTokenSeconds: number): Date =>
  new Date(at.getTime() + accessTokenSeconds * 1000 + SIGNING_MS)

/*
 * Each of these is one statement, to be put LAST into a `$transaction`: a trigger makes writers take turns, which end with
 * their transactions, and who waits for another row during a turn may wait for somebody who waits for the turn.
 */

/** Access tokens that the account has now are refused; those issued from then on have the next generation. */
export const revokeUser = (
  db: Pick<PrismaClient, '$queryRaw'>,
  { userId, expiresAt }: { userId: string; expiresAt: Date },
): Prisma.PrismaPromise<unknown> =>
  // what the outer query reads runs first: the account is locked before the turn is taken
  db.$queryRaw`
    WITH raised AS (
      UPDATE users."user" SET token_generation = token_generation + 1
      WHERE id = ${userId}::uuid RETURNING id, token_generation
    ), revoked AS (
      INSERT INTO users.revocation (user_id, generation, expires_at)
      SELECT id, token_generation, ${expiresAt}::timestamptz FROM raised
    )
    SELECT id::text FROM raised`

/** Access tokens of an account that is deleted in the same transaction are refused. */
export const revokeDeletedUser = (
  db: Pick<PrismaClient, 'revocation'>,
  { userId, expiresAt }: { userId: string; expiresAt: Date },
): Prisma.PrismaPromise<unknown> =>
  db.revocation.create({ data: { userId, generation: LAST_GENERATION, expiresAt } })

/** All access tokens of a signing key are refused. */
export const revokeKey = (
  db: Pick<PrismaClient, 'revocation'>,
  { keyId, expiresAt }: { keyId: string; expiresAt: Date },
): Prisma.PrismaPromise<unknown> => db.revocation.create({ data: { keyId, expiresAt } })

type Row = Prisma.RevocationGetPayload<true>

const revocationOf = ({ sessionId, userId, generation, keyId, expiresAt: at }: Row): Revocation => {
  const expiresAt = at.toISOString()
  if (sessionId !== null) return { sessionId, expiresAt }
  if (keyId !== null) return { keyId, expiresAt }
  // a constraint of the table: one of the three is set, and a generation with a user
  return { userId: userId!, generation: generation!, expiresAt }
}

export class RevocationRepository {
  constructor(private readonly db: Pick<PrismaClient, 'revocation'>) {}

  /** What is in force at `now`, of that which was written after the row `after`, in the order it was written: the first 10,000. */
  async feed(after: bigint | undefined, now: Date): Promise<RevocationFeed> {
    const rows = await this.db.revocation.findMany({
      where: { id: { gt: after ?? 0n }, expiresAt: { gt: now } },
      orderBy: { id: 'asc' },
      take: MAX_AT_ONCE,
    })
    const cursor = rows.at(-1)?.id ?? after ?? 0n
    return { cursor: String(cursor), revocations: rows.map(revocationOf) }
  }

  /** Deletes at most `limit`. How many. */
  async deleteExpired(now: Date, limit: number): Promise<number> {
    const where = { expiresAt: { lte: now } }
    const { count } = await this.db.revocation.deleteMany({ where, limit })
    return count
  }
}
