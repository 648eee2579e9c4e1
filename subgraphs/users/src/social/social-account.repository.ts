import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isForeignKeyViolation, isUniqueViolation } from '@cinegraph/engines/postgres/prisma-errors'
import type { SocialProvider } from './social-provider.js'

/** An account of a provider, as it will be linked. */
export interface SocialIdentity {
  readonly provider: SocialProvider
  readonly subject: string
  readonly email: string | null
  readonly displayName: string | null
}

/** A linked account as its owner sees it. */
export type LinkedAccount = Omit<SocialIdentity, 'subject'> & {
  readonly userId: string
  readonly linkedAt: Date
}

/** `taken`: it is linked to somebody else. `other`: the person has another one of this provider. `gone`: the person has not. */
export type LinkRowOutcome = 'linked' | 'taken' | 'other' | 'gone'

const SELECTED = {
  userId: true,
  provider: true,
  email: true,
  displayName: true,
  linkedAt: true,
} as const

type Models = Pick<PrismaClient, 'socialAccount' | 'user' | '$transaction'>

export class SocialAccountRepository {
  constructor(private readonly db: Models) {}

  /** Whose it is. */
  async findOwner({
    provider,
    subject,
  }: Pick<SocialIdentity, 'provider' | 'subject'>): Promise<string | undefined> {
    const where = { provider_subject: { provider, subject } }
    return (await this.db.socialAccount.findUnique({ where, select: { userId: true } }))?.userId
  }

  /** Oldest first. */
  async listOf(userIds: readonly string[]): Promise<LinkedAccount[]> {
    return this.db.socialAccount.findMany({
      where: { userId: { in: [...userIds] } },
      orderBy: [{ linkedAt: 'asc' }, { provider: 'asc' }],
      select: SELECTED,
    })
  }

  /** Safe to repeat. */
  async link(userId: string, identity: SocialIdentity, linkedAt: Date): Promise<LinkRowOutcome> {
    try {
      const data = { ...identity, userId, linkedAt }
      await this.db.socialAccount.create({ data, select: { userId: true } })
      return 'linked'
    } catch (error) {
      if (isForeignKeyViolation(error)) return 'gone'
      if (!isUniqueViolation(error)) throw error
    }
    const owner = await this.findOwner(identity)
    if (owner === undefined) return 'other'
    return owner === userId ? 'linked' : 'taken'
  }

  /** False when it is the last thing that the person can log in with. */
  async unlink(userId: string, provider: SocialProvider, now: Date): Promise<boolean> {
    const credential = {
      OR: [
        { user: { passwordHash: { not: null } } },
        { user: { socialAccounts: { some: { provider: { not: provider } } } } },
      ],
    }
    const [, , left] = await this.db.$transaction([
      // first, because it locks the person: of two that unlink the last two at once, the second sees what the first left
      this.db.user.updateMany({ where: { id: userId }, data: { updatedAt: now } }),
      this.db.socialAccount.deleteMany({ where: { userId, provider, ...credential } }),
      this.db.socialAccount.count({ where: { userId, provider } }),
    ])
    return left === 0
  }
}
