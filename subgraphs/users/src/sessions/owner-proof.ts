import { AppError } from '@cinegraph/kit/errors'

/** What was true of an account when somebody proved to own it: what they asked for is done only while it still is. */
export interface OwnerProof {
  readonly userId: string
  /** Of the session in which they proved it. */
  readonly sessionId: string
  /** Null when the account had none, and the session was young. */
  readonly passwordHash: string | null
}

/** For who lost the account or the session while their request was under way. */
export const accountChanged = (): AppError =>
  new AppError('UNAUTHENTICATED', 'Something about this account has changed. Log in again.')
