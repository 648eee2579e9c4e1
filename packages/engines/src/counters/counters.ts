import type { Service } from '@cinegraph/kit/lifecycle'

/** How much a counter has counted, and in how many whole milliseconds it is forgotten. */
export interface Count {
  readonly count: number
  readonly expiresInMs: number
}

export interface Increment {
  /** Life of a counter that begins now; one that has begun keeps its own. 1 to MAX_WINDOW_MS. */
  readonly windowMs: number
  /** A whole number, 1 by default; a negative one takes back what was counted before. */
  readonly amount?: number
}

/** 24 days, which is as far ahead as a timer of Node can be set. */
export const MAX_WINDOW_MS = 24 * 86_400_000

/**
 * Numbers that many may raise at once and that forget themselves: what rate limits stand on. They may be lost, all or
 * some, so nothing that must survive is counted here. Keys are any text. Everything throws a DependencyError when the
 * engine does not answer: whoever asks decides whether to go on without.
 */
export interface Counters extends Service {
  /** Adds to a counter, or begins one, and tells what it has come to: no two callers get the same. Throws a RangeError. */
  increment(key: string, increment: Increment): Promise<Count>
  /** `undefined` when nothing was counted or it is forgotten. */
  read(key: string): Promise<Count | undefined>
  /** Forgets it now. */
  reset(key: string): Promise<void>
}

/** The whole `increment`. Throws a RangeError for one that no adapter could count alike. */
export function checkIncrement({ windowMs, amount = 1 }: Increment): Required<Increment> {
  if (!Number.isInteger(windowMs) || windowMs < 1 || windowMs > MAX_WINDOW_MS) {
    throw new RangeError(`windowMs must be a whole number, 1 to ${MAX_WINDOW_MS}`)
  }
  if (!Number.isSafeInteger(amount)) throw new RangeError('amount must be a whole number')
  return { windowMs, amount }
}
