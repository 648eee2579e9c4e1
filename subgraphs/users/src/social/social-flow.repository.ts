import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { writeOwned } from './owned-row.repository.js'
import type { SocialProvider } from './social-provider.js'
import { takeRow } from './take-row.repository.js'
import type { SecretHash } from '../secret.js'

export interface SocialFlowRow {
  readonly provider: SocialProvider
  readonly codeVerifier: string
  readonly nonce: string
  readonly redirectUri: string
}

/** Who may go on with a flow: whoever has both secrets, and for a link the person who began it. */
export interface FlowKey {
  readonly stateHash: SecretHash
  readonly flowHash: SecretHash
  /** Null for a sign-in. */
  readonly userId: string | null
}

const SELECTED = { provider: true, codeVerifier: true, nonce: true, redirectUri: true } as const

export class SocialFlowRepository {
  constructor(private readonly db: Pick<PrismaClient, 'socialFlow'>) {}

  /** False when the person who links is gone. */
  create(flow: FlowKey & SocialFlowRow & { expiresAt: Date }): Promise<boolean> {
    return writeOwned(this.db.socialFlow.create({ data: flow, select: { provider: true } }))
  }

  /** Deletes the flow and gives it to one caller; `undefined` when there is none, or not for this one, or no longer. */
  async take({ stateHash, ...rest }: FlowKey, now: Date): Promise<SocialFlowRow | undefined> {
    const where = { stateHash, ...rest, expiresAt: { gt: now } }
    return takeRow(this.db.socialFlow.delete({ where, select: SELECTED }))
  }

  /** At most `limit` of them; how many it were. */
  async deleteExpired(now: Date, limit: number): Promise<number> {
    const where = { expiresAt: { lte: now } }
    return (await this.db.socialFlow.deleteMany({ where, limit })).count
  }
}
