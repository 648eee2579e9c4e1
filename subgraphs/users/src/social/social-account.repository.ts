import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isUniqueViolation } from '@cinegraph/engines/postgres/prisma-errors'
import { isStillOwner } from '../sessions/owner-proof.repository.js'
import type { OwnerProof } from '../sessions/owner-proof.js'
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

/**
 * `kept`: it was linked before. `taken`: it is linked to somebody else. `other`: the person has another one of this
 * provider. `outdated`: the proof holds no longer.
 */
export type LinkRowOutcome = 'linked' | 'kept' | 'taken' | 'other' | 'outdated'

/** `absent`: there was none. `last`: it is the last thing that the person can log in with. */
export type UnlinkRowOutcome = 'unlinked' | 'absent' | 'last' | 'outdated'

export interface SocialOwner {
  readonly id: string
  readonly tokenGeneration: number
}

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

  /** Whose it is, and of what generation the tokens of that account are: in one statement, so that both were true at once. */
  async findOwner({
    provider,
    subject,
  }: Pick<SocialIdentity, 'provider' | 'subject'>): Promise<SocialOwner | undefined> {
    const owner = await this.db.user.findFirst({
      where: { socialAccounts: { some: { provider, subject } } },
      select: { id: true, tokenGeneration: true },
    })
    return owner ?? undefined
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
  async link(proof: OwnerProof, identity: SocialIdentity, linkedAt: Date): Promise<LinkRowOutcome> {
    const { userId } = proof
    try {
      return await this.db.$transaction(async (tx) => {
        if (!(await isStillOwner(tx, proof))) return 'outdated'
        const data = { ...identity, userId, linkedAt }
        await tx.socialAccount.create({ data, select: { userId: true } })
        return 'linked'
      })
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
    }
    const owner = await this.findOwner(identity)
    if (owner === undefined) return 'other'
    return owner.id === userId ? 'kept' : 'taken'
  }

  /** Safe to repeat. Of two that unlink the last two at once, the second sees what the first left: the proof locks the person. */
  async unlink(proof: OwnerProof, provider: SocialProvider): Promise<UnlinkRowOutcome> {
    const linked = { userId: proof.userId, provider }
    const credential = {
      OR: [
        { user: { passwordHash: { not: null } } },
        { user: { socialAccounts: { some: { provider: { not: provider } } } } },
      ],
    }
    return this.db.$transaction(async (tx) => {
      if (!(await isStillOwner(tx, proof))) return 'outdated'
      const { count } = await tx.socialAccount.deleteMany({ where: { ...linked, ...credential } })
      if (count === 1) return 'unlinked'
      return (await tx.socialAccount.count({ where: linked })) === 0 ? 'absent' : 'last'
    })
  }
}
