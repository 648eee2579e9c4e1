import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { writeOwned } from './owned-row.repository.js'
import type { SocialIdentity } from './social-account.repository.js'
import { takeRow } from './take-row.repository.js'
import type { SecretHash } from '../secret.js'

export interface NewOffer extends SocialIdentity {
  readonly hash: SecretHash
  /** Who may accept it. */
  readonly userId: string
  readonly expiresAt: Date
}

const SELECTED = { provider: true, subject: true, email: true, displayName: true } as const

export class SocialLinkOfferRepository {
  constructor(private readonly db: Pick<PrismaClient, 'socialLinkOffer'>) {}

  /** False when the account is gone. */
  create(offer: NewOffer): Promise<boolean> {
    return writeOwned(this.db.socialLinkOffer.create({ data: offer, select: { provider: true } }))
  }

  /** Deletes the offer and gives it to one caller; `undefined` when there is none, or not for this person, or no longer. */
  async take(
    { hash, userId }: Pick<NewOffer, 'hash' | 'userId'>,
    now: Date,
  ): Promise<SocialIdentity | undefined> {
    const where = { hash, userId, expiresAt: { gt: now } }
    return takeRow(this.db.socialLinkOffer.delete({ where, select: SELECTED }))
  }

  /** At most `limit` of them; how many it were. */
  async deleteExpired(now: Date, limit: number): Promise<number> {
    const where = { expiresAt: { lte: now } }
    return (await this.db.socialLinkOffer.deleteMany({ where, limit })).count
  }
}
