import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { revokeDeletedUser, revokeUser } from '../revocations/revocation.repository.js'
import { endSessions, type Ending } from '../sessions/session.repository.js'

type Models = Pick<
  PrismaClient,
  'user' | 'userRole' | 'session' | 'loginAttempt' | 'revocation' | '$queryRaw' | '$executeRaw'
>

/** Changes to anybody's account, each to be part of a transaction that it ends: its last statement writes a revocation. */
export class AccountAdminRepository {
  constructor(private readonly db: Models) {}

  /** What its roles permit, also while it is blocked; `undefined` when there is no such account. Locks it. */
  async permissionsOf(userId: string): Promise<string[] | undefined> {
    const found = await this.db.$queryRaw<unknown[]>`
      SELECT id::text FROM users."user" WHERE id = ${userId}::uuid FOR UPDATE`
    if (found.length === 0) return undefined
    const roles = await this.db.userRole.findMany({
      where: { userId },
      select: { role: { select: { permissions: true } } },
    })
    return roles.flatMap(({ role }) => role.permissions)
  }

  /** Ends every session. One that is blocked already gets the new reason and stays blocked since then. */
  async block(userId: string, reason: string, ending: Ending): Promise<void> {
    const { at, expiresAt } = ending
    await this.db.$executeRaw`
      UPDATE users."user" SET blocked_at = coalesce(blocked_at, ${at}::timestamptz),
        blocked_reason = ${reason}, updated_at = ${at}::timestamptz
      WHERE id = ${userId}::uuid`
    await endSessions(this.db, { userId, at })
    await revokeUser(this.db, { userId, expiresAt })
  }

  async unblock(userId: string): Promise<void> {
    const data = { blockedAt: null, blockedReason: null }
    await this.db.user.updateMany({ where: { id: userId }, data })
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
