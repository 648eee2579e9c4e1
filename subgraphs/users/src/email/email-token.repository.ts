import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isUniqueViolation } from '@cinegraph/engines/postgres/prisma-errors'
import { isStillOwner } from '../sessions/owner-proof.repository.js'
import type { OwnerProof } from '../sessions/owner-proof.js'
import { endAllSessions, type Ending } from '../sessions/session.repository.js'
import type { SecretHash } from '../secret.js'

export type EmailTokenPurpose = 'CONFIRM_EMAIL' | 'RESET_PASSWORD'

export interface EmailTokenRow {
  readonly hash: SecretHash
  readonly userId: string
  readonly purpose: EmailTokenPurpose
  /** The address it was sent to. */
  readonly email: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

type Models = Pick<
  PrismaClient,
  'emailToken' | 'user' | 'session' | '$executeRaw' | '$queryRaw' | '$transaction'
>

export class EmailTokenRepository {
  constructor(private readonly db: Models) {}

  /** From now on the account's only token of this purpose. False when `proof` is given and holds no more. */
  async put(token: EmailTokenRow, proof?: OwnerProof): Promise<boolean> {
    const { userId, purpose } = token
    return this.db.$transaction(async (tx) => {
      if (proof && !(await isStillOwner(tx, proof))) return false
      await tx.emailToken.upsert({
        where: { userId_purpose: { userId, purpose } },
        create: token,
        update: token,
        select: { hash: true },
      })
      return true
    })
  }

  /** Expired ones too, until they are swept. */
  async find(hash: SecretHash, purpose: EmailTokenPurpose): Promise<EmailTokenRow | undefined> {
    return (await this.db.emailToken.findUnique({ where: { hash, purpose } })) ?? undefined
  }

  /** Uses `token` up and makes its address the account's own. `spent` when it was used before, `taken` when the address is another's. */
  async confirmEmail(
    token: EmailTokenRow,
    verifiedEmail: string,
  ): Promise<'confirmed' | 'spent' | 'taken'> {
    const { userId, email } = token
    try {
      return await this.db.$transaction(async (tx) => {
        if (!(await spend(tx, token))) return 'spent'
        await tx.user.update({
          where: { id: userId },
          data: { email, verifiedEmail },
          select: { id: true },
        })
        // links to the address that was are of no use any more
        await tx.emailToken.deleteMany({ where: { userId } })
        return 'confirmed'
      })
    } catch (error) {
      if (isUniqueViolation(error)) return 'taken'
      throw error
    }
  }

  /**
   * Uses `token` up, sets the password, ends all sessions with their access tokens and unlinks all social accounts, all or
   * nothing. How many of these it were; `undefined` when it was used before, or the account has another address by now.
   */
  async resetPassword(
    token: EmailTokenRow,
    { passwordHash, ending }: { passwordHash: string; ending: Ending },
  ): Promise<{ unlinked: number } | undefined> {
    const { userId } = token
    return this.db.$transaction(async (tx) => {
      if (!(await spend(tx, token, { user: { verifiedEmail: token.email } }))) return undefined
      await tx.user.update({ where: { id: userId }, data: { passwordHash }, select: { id: true } })
      await tx.emailToken.deleteMany({ where: { userId } })
      await tx.socialFlow.deleteMany({ where: { userId } })
      const { count: unlinked } = await tx.socialAccount.deleteMany({ where: { userId } })
      await endAllSessions(tx, userId, ending)
      return { unlinked }
    })
  }

  /** At most `limit` of them. How many it were. */
  async deleteExpired(now: Date, limit: number): Promise<number> {
    const where = { expiresAt: { lte: now } }
    return (await this.db.emailToken.deleteMany({ where, limit })).count
  }
}

/** Whether it was still there. The account is locked first, as by everybody who changes it together with what belongs to it. */
async function spend(
  tx: Prisma.TransactionClient,
  { hash, userId }: EmailTokenRow,
  condition: Prisma.EmailTokenWhereInput = {},
): Promise<boolean> {
  await tx.$executeRaw`SELECT FROM users."user" WHERE id = ${userId}::uuid FOR NO KEY UPDATE`
  const { count } = await tx.emailToken.deleteMany({ where: { hash, ...condition } })
  return count === 1
}
