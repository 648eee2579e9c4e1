import type { Counters } from '@cinegraph/engines/counters/counters'

/** Attempts are forgotten a day after the first of them. */
export const FORGOTTEN_AFTER_MS = 86_400_000

export interface Limit {
  /** Attempts without waiting, at least 1. */
  readonly free: number
  /** How long one waits after the last free attempt; after each further one twice as long. */
  readonly firstDelayMs: number
  readonly maxDelayMs: number
}

/** An attempt that may go on. */
export interface Passage {
  readonly passed: true
  /** As if this attempt had not been made. */
  readonly undo: () => Promise<void>
  /** As if none had been made. */
  readonly forgetAll: () => Promise<void>
}

export interface Refusal {
  readonly passed: false
  readonly retryAfterMs: number
  /** Whether nobody was refused before in this delay. */
  readonly first: boolean
}

/**
 * Lets attempts at what `key` names pass: some freely, then one at a time after growing delays. It counts at once: of any
 * number of attempts at the same moment no more pass than would one after another.
 */
export type Turnstile = (key: string) => Promise<Passage | Refusal>

const window = { windowMs: FORGOTTEN_AFTER_MS }

/** `name` keeps its counters apart from those of other turnstiles. */
export function createTurnstile(name: string, counters: Counters, limit: Limit): Turnstile {
  // one that is forgotten meanwhile must not begin anew below zero
  const takeBack = async (counter: string) => {
    if (await counters.read(counter)) await counters.increment(counter, { ...window, amount: -1 })
  }
  return async (key) => {
    const { attempts, delays, turn } = countersAt(name, key)
    const forgetAll = () => forgetAttempts(counters, { name, key })

    const { count } = await counters.increment(attempts, window)
    if (count < limit.free) return { passed: true, undo: () => takeBack(attempts), forgetAll }
    // the last free attempt, and each one after a delay, is for whoever is the first to begin the next delay
    const passed = (await counters.read(delays))?.count ?? 0
    const taken = await counters.increment(turn, { windowMs: delayMs(limit, passed) })
    if (taken.count > 1) {
      await takeBack(attempts)
      return { passed: false, retryAfterMs: taken.expiresInMs, first: taken.count === 2 }
    }
    await counters.increment(delays, window)
    const undo = async () => {
      await Promise.all([counters.reset(turn), takeBack(delays), takeBack(attempts)])
    }
    return { passed: true, undo, forgetAll }
  }
}

/** As if there had been no attempt at what `key` names. */
export async function forgetAttempts(
  counters: Pick<Counters, 'reset'>,
  { name, key }: { name: string; key: string },
): Promise<void> {
  await Promise.all(Object.values(countersAt(name, key)).map((it) => counters.reset(it)))
}

const countersAt = (name: string, key: string) => ({
  attempts: `${name}:attempts:${key}`,
  delays: `${name}:delays:${key}`,
  turn: `${name}:turn:${key}`,
})

const delayMs = ({ firstDelayMs, maxDelayMs }: Limit, passed: number) =>
  Math.min(firstDelayMs * 2 ** passed, maxDelayMs)
