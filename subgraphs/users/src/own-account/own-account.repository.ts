import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isAbsent, isUniqueViolation } from '@cinegraph/engines/postgres/prisma-errors'
import { type Account, ACCOUNT, accountOf } from '../accounts/account.repository.js'
import { endOthers, type Ending } from '../sessions/session.repository.js'

/** What is undefined stays as it is. */
export interface ProfileChange {
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
}

type Models = Pick<PrismaClient, 'user' | 'emailToken' | '$queryRaw' | '$transaction'>

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

  async changeLogin(
    id: string,
    names: { login: string; loginKey: string },
  ): Promise<Account | 'taken' | 'gone'> {
    try {
      return accountOf(await this.db.user.update({ where: { id }, data: names, select: ACCOUNT }))
    } catch (error) {
      if (isUniqueViolation(error)) return 'taken'
      if (isAbsent(error)) return 'gone'
      throw error
    }
  }

  /**
   * Sets the password, ends the sessions but for `sessionId`, and takes back links in mails, all or nothing. Who is logging in
   * with the old one meanwhile has to begin again.
   */
  async changePassword(
    { id, sessionId }: { id: string; sessionId: string },
    passwordHash: string,
    ending: Ending,
  ): Promise<void> {
    await this.db.$transaction([
      this.db.user.updateMany({
        where: { id },
        data: { passwordHash, tokenGeneration: { increment: 1 } },
      }),
      this.db.emailToken.deleteMany({ where: { userId: id } }),
      endOthers(this.db, { userId: id, id: sessionId }, ending),
    ])
  }
}
