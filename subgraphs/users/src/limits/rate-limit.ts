import type { Counters } from '@cinegraph/engines/counters/counters'
import { AppError } from '@cinegraph/kit/errors'
import type { Network } from './client-network.js'

export interface RateLimitOptions {
  readonly counters: Pick<Counters, 'increment'>
  /** Keeps its counters apart from others. */
  readonly name: string
  /** How often within `windowMs`, which begins with the first. */
  readonly most: number
  readonly windowMs: number
}

/** Counts what is done from `networks`; `what` keeps apart what one sender does. Throws RATE_LIMITED. */
export type RateLimit = (networks: readonly Network[], what?: string) => Promise<void>

export function createRateLimit({ counters, name, most, windowMs }: RateLimitOptions): RateLimit {
  return async (networks, what = '') => {
    for (const network of networks) {
      const key = `${name}:${network.name}:${what}`
      const { count, expiresInMs } = await counters.increment(key, { windowMs })
      if (count > most * network.times) throw tooOften(expiresInMs)
    }
  }
}

const tooOften = (expiresInMs: number) => {
  const retryAfterSeconds = Math.ceil(expiresInMs / 1000)
  const message = `Too many attempts. Try again in ${retryAfterSeconds} seconds.`
  return new AppError('RATE_LIMITED', message, { retryAfterSeconds })
}
