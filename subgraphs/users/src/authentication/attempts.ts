import type { Counters } from '@cinegraph/engines/counters/counters'
import { AppError } from '@cinegraph/kit/errors'
import { Counter, type Registry } from '@cinegraph/kit/metrics'
import { networksOf } from '../limits/client-network.js'
import {
  createTurnstile,
  forgetAttempts,
  type Limit,
  type Passage,
  type Refusal,
} from './turnstile.js'

/** What an attempt is made at, and from where. Without an account no account is limited. */
export interface Attempted {
  /** Whatever names the account, whether there is one or not: so a refusal does not tell. */
  readonly account?: string | undefined
  /** IP address of the client; all that are not known are one. */
  readonly address?: string | undefined
}

export type LimitedBy = keyof Attempted

/** An attempt that was counted and may go on. */
export interface Attempt {
  /** It was no guess: forgets the attempts at the account. Of those from the address only this one. */
  readonly succeed: () => Promise<void>
  /** It came to nothing: as if it had not been made. */
  readonly undo: () => Promise<void>
}

/** Limits how often something is tried. */
export interface Attempts {
  /**
   * Counts an attempt before it is made, so that many at once pass no more often than one after another.
   * Throws TooManyAttempts; an attempt that is refused does not count.
   */
  take(attempted: Attempted): Promise<Attempt>
  /** Forgets the attempts at an account: its owner has come in another way. */
  forget(account: string): Promise<void>
}

/** RATE_LIMITED, the same whatever the limit and whether there is such an account. */
export class TooManyAttempts extends AppError {
  /** Whether nobody was refused before in this delay. */
  readonly first: boolean
  constructor(
    readonly by: LimitedBy,
    { retryAfterMs, first }: Refusal,
  ) {
    const retryAfterSeconds = Math.ceil(retryAfterMs / 1000)
    super('RATE_LIMITED', `Too many attempts. Try again in ${retryAfterSeconds} seconds.`, {
      retryAfterSeconds,
    })
    this.first = first
  }
}

export interface AttemptsFactoryOptions {
  counters: Counters
  metrics: Registry
}

/** Makes Attempts of one kind, e.g. `log-in`, with the limits that it is to have. */
export type CreateAttempts = (
  kind: string,
  limits: Readonly<Partial<Record<LimitedBy, Limit>>>,
) => Attempts

export function createAttemptsFactory({
  counters,
  metrics,
}: AttemptsFactoryOptions): CreateAttempts {
  const refusals = new Counter({
    name: 'cinegraph_users_attempts_refused_total',
    help: 'Attempts refused because there were too many, by what was tried and by the limit: account or address',
    labelNames: ['kind', 'by'] as const,
    registers: [metrics],
  })
  return (kind, limits) => {
    const nameOf = (by: LimitedBy) => `${kind}:${by}`
    const enter = async (by: LimitedBy, key: string, times = 1): Promise<Passage> => {
      const given = limits[by]
      if (!given) return OPEN
      const limit = { ...given, free: given.free * times }
      const outcome = await createTurnstile(nameOf(by), counters, limit)(key)
      if (outcome.passed) return outcome
      refusals.inc({ kind, by })
      throw new TooManyAttempts(by, outcome)
    }
    return {
      async take({ account, address }) {
        const fromAddress: Passage[] = []
        const undoAddress = () => Promise.all(fromAddress.map((passage) => passage.undo()))
        const enterAll = async () => {
          // first: who is refused for the address must not use up what the owner of the account may do
          for (const { name, times } of networksOf(address)) {
            fromAddress.push(await enter('address', name, times))
          }
          return account === undefined ? OPEN : enter('account', account)
        }
        const atAccount = await enterAll().catch(async (error: unknown) => {
          await undoAddress()
          throw error
        })
        return {
          async succeed() {
            await Promise.all([atAccount.forgetAll(), undoAddress()])
          },
          async undo() {
            await Promise.all([atAccount.undo(), undoAddress()])
          },
        }
      },
      forget: (account) => forgetAttempts(counters, { name: nameOf('account'), key: account }),
    }
  }
}

const OPEN: Passage = { passed: true, undo: async () => {}, forgetAll: async () => {} }
