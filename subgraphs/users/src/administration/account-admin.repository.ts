import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { revokeDeletedUser, revokeUser } from '../revocations/revocation.repository.js'
import { endAllSessions, type Ending } from '../sessions/session.repository.js'

type Models = Pick<
  PrismaClient,
  'user' | 'userRole' | 'session' | 'loginAttempt' | 'revocation' | '$queryRaw' | '$executeRaw'
>

/** Changes to anybody's account, each to be part of a transaction that it ends: its last statement writes a revocation. */
export class AccountAdminRepository {
  constructor(private readonly db: Models) {}

  /** Whether there is such an account; nobody else changes it until the transaction ends. */
  async lock(userId: string): Promise<boolean> {
    const found = await this.db.$queryRaw<unknown[]>`
      SELECT id::text FROM users."user" WHERE id = ${userId}::uuid FOR UPDATE`
    return found.length === 1
  }

  /** What its roles permit, also while it is blocked. */
  async permissionsOf(userId: string): Promise<string[]> {
    const roles = await this.db.userRole.findMany({
      where: { userId },
      select: { role: { select: { permissions: true } } },
    })
    return roles.flatMap(({ role }) => role.permissions)
  }

  /** Ends every session. One that is blocked already gets the new reason and stays blocked since then. */
  async block(userId: string, reason: string, ending: Ending): Promise<void> {
    const { at } = ending
    await this.db.$executeRaw`
      UPDATE users."user" SET blocked_at = coalesce(blocked_at, ${at}::timestamptz),
        blocked_reason = ${reason}, updated_at = ${at}::timestamptz
      WHERE id = ${userId}::uuid`
    await endAllSessions(this.db, userId, ending)
  }

  /** Whether it was blocked. */
  async unblock(userId: string): Promise<boolean> {
    const where = { id: userId, blockedAt: { not: null } }
    const data = { blockedAt: null, blockedReason: null }
    return (await this.db.user.updateMany({ where, data })).count === 1
  }

  /** With everything that is kept of the person here. */
  async delete(userId: string, { expiresAt }: Ending): Promise<void> {
    await this.db.loginAttempt.deleteMany({ where: { userId } })
    await this.db.user.deleteMany({ where: { id: userId } })
    await revokeDeletedUser(this.db, { userId, expiresAt })
  }

  /** Its access tokens are refused; the next ones hold what its roles permit then. */
  async renewTokens(userId: string, { expiresAt }: Ending): Promise<void> {
    await revokeUser(this.db, { userId, expiresAt })
  }
}
