import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isAbsent, isUniqueViolation } from '@cinegraph/engines/postgres/prisma-errors'
import { type Account, ACCOUNT, accountOf } from '../accounts/account.repository.js'
import type { OwnerProof } from '../sessions/owner-proof.js'
import { isStillOwner } from '../sessions/owner-proof.repository.js'
import { endOthers, type Ending } from '../sessions/session.repository.js'

/** What is undefined stays as it is. */
export interface ProfileChange {
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
}

type Models = Pick<PrismaClient, 'user' | '$transaction'>

export class OwnAccountRepository {
  constructor(private readonly db: Models) {}

  /** `undefined` when there is no such account. */
  async updateProfile(id: string, change: ProfileChange): Promise<Account | undefined> {
    const { firstName, lastName } = change
    const data = {
      ...(firstName !== undefined && { firstName }),
      ...(lastName !== undefined && { lastName }),
    }
    try {
      return accountOf(await this.db.user.update({ where: { id }, data, select: ACCOUNT }))
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  /** `outdated`: the proof holds no longer. */
  async changeLogin(
    proof: OwnerProof,
    data: { login: string; loginKey: string },
  ): Promise<Account | 'taken' | 'outdated'> {
    const where = { id: proof.userId }
    try {
      return await this.db.$transaction(async (tx) => {
        if (!(await isStillOwner(tx, proof))) return 'outdated'
        return accountOf(await tx.user.update({ where, data, select: ACCOUNT }))
      })
    } catch (error) {
      if (isUniqueViolation(error)) return 'taken'
      throw error
    }
  }

  /**
   * Sets the password, ends the sessions but for that of the proof, takes back links that would give the account another
   * address, and what was begun to link a social account, all or nothing. Who is logging in with the old one meanwhile has
   * to begin again. Links to reset the password stay: they go to the confirmed address, and are how its owner gets the
   * account back. False when the proof holds no longer.
   */
  async changePassword(proof: OwnerProof, passwordHash: string, ending: Ending): Promise<boolean> {
    const { userId, sessionId } = proof
    return this.db.$transaction(async (tx) => {
      if (!(await isStillOwner(tx, proof))) return false
      await tx.user.updateMany({
        where: { id: userId },
        data: { passwordHash, tokenGeneration: { increment: 1 } },
      })
      await tx.emailToken.deleteMany({ where: { userId, purpose: 'CONFIRM_EMAIL' } })
      await tx.socialFlow.deleteMany({ where: { userId } })
      await endOthers(tx, { userId, id: sessionId }, ending)
      return true
    })
  }
}
