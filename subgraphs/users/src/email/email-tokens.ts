import type { Clock } from '@cinegraph/kit/clock'
import type {
  EmailTokenPurpose,
  EmailTokenRepository,
  EmailTokenRow,
} from './email-token.repository.js'
import { hashSecret, newSecret } from '../secret.js'
import { accountChanged, type OwnerProof } from '../sessions/owner-proof.js'

const HOUR_MS = 3_600_000
export const CONFIRM_HOURS = 24
export const RESET_HOURS = 1

const LIFE_MS: Readonly<Record<EmailTokenPurpose, number>> = {
  CONFIRM_EMAIL: CONFIRM_HOURS * HOUR_MS,
  RESET_PASSWORD: RESET_HOURS * HOUR_MS,
}

export interface IssuedEmailToken {
  readonly token: string
  readonly expiresAt: Date
}

export type FoundEmailToken =
  | { readonly kind: 'valid'; readonly row: EmailTokenRow }
  /** `expired`: it was right once. Otherwise it was used, a newer one took its place, or it never was. */
  | { readonly kind: 'invalid'; readonly expired: boolean }

export interface EmailTokensDependencies {
  repository: EmailTokenRepository
  now: Clock
}

/** What links in mails hold: who has one reads the mail of its address. */
export class EmailTokens {
  constructor(private readonly dependencies: EmailTokensDependencies) {}

  /** The account's earlier token of this purpose is worth nothing from now on. UNAUTHENTICATED when `proof` holds no more. */
  async issue(
    purpose: EmailTokenPurpose,
    { userId, email }: { userId: string; email: string },
    proof?: OwnerProof,
  ): Promise<IssuedEmailToken> {
    const { repository, now } = this.dependencies
    const token = newSecret()
    const createdAt = now()
    const expiresAt = new Date(createdAt.getTime() + LIFE_MS[purpose])
    const row = { hash: hashSecret(token), userId, purpose, email, createdAt, expiresAt }
    if (!(await repository.put(row, proof))) throw accountChanged()
    return { token, expiresAt }
  }

  /** Does not use it up. */
  async find(purpose: EmailTokenPurpose, token: string): Promise<FoundEmailToken> {
    const { repository, now } = this.dependencies
    const row = await repository.find(hashSecret(token), purpose)
    if (row && row.expiresAt > now()) return { kind: 'valid', row }
    return { kind: 'invalid', expired: row !== undefined }
  }
}
