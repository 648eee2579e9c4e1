import type { Limit } from './turnstile.js'

/** How often what may be tried, and how long one waits then. */
export interface AttemptLimits {
  readonly logIn: {
    readonly account: Limit
    readonly address: Limit
    /** Log-ins to one account from one sender within a minute, right passwords as well. */
    readonly perMinute: number
  }
  readonly register: { readonly address: Limit }
}

/** Right passwords are no danger but cost as much to check: far more than a person needs. */
const RIGHT_PER_WRONG = 6

export interface AttemptSettings {
  /** Attempts to log in to one account that need not wait. */
  logInFree: number
  /** The same from one address. */
  logInAddressFree: number
  /** Registrations from one address that need not wait. */
  registerAddressFree: number
  maxDelaySeconds: number
}

export function attemptLimits(settings: AttemptSettings): AttemptLimits {
  const maxDelayMs = settings.maxDelaySeconds * 1000
  // a person who mistypes does not notice the first second; a program that guesses soon waits for the longest delay
  const guesses = (free: number) => ({ free, firstDelayMs: 1_000, maxDelayMs })
  return {
    logIn: {
      account: guesses(settings.logInFree),
      address: guesses(settings.logInAddressFree),
      perMinute: settings.logInFree * RIGHT_PER_WRONG,
    },
    register: { address: { free: settings.registerAddressFree, firstDelayMs: 60_000, maxDelayMs } },
  }
}
