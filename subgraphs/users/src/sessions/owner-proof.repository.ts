import type { Prisma } from '@cinegraph/engines/postgres/generated/client'
import type { OwnerProof } from './owner-proof.js'

type Transaction = Pick<Prisma.TransactionClient, 'user' | '$queryRaw'>

/*
 * Both are to be asked first in a transaction, for they lock the account and then the session until it ends: what waits for
 * them, sees what they let happen, and what they waited for is seen by them.
 */

/** Whether a session has not ended. */
export async function isLive(
  tx: Pick<Transaction, '$queryRaw'>,
  { userId, sessionId }: Pick<OwnerProof, 'userId' | 'sessionId'>,
): Promise<boolean> {
  const live = await tx.$queryRaw<unknown[]>`
    WITH owner AS (
      SELECT id FROM users."user" WHERE id = ${userId}::uuid FOR NO KEY UPDATE
    )
    SELECT session.id::text FROM users.session JOIN owner ON user_id = owner.id
    WHERE session.id = ${sessionId}::uuid AND ended_at IS NULL FOR SHARE OF session`
  return live.length === 1
}

/** Whether the account has the same password still, and the session has not ended. */
export async function isStillOwner(tx: Transaction, proof: OwnerProof): Promise<boolean> {
  if (!(await isLive(tx, proof))) return false
  const { userId: id, passwordHash } = proof
  return (await tx.user.count({ where: { id, passwordHash } })) === 1
}
