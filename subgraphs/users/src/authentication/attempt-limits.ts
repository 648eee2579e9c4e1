import type { Limit } from './turnstile.js'

export interface AttemptSettings {
  /** Attempts to log in to one account that need not wait. */
  logInFree: number
  /** The same from one address. */
  logInAddressFree: number
  /** Registrations from one address that need not wait. */
  registerAddressFree: number
  maxDelaySeconds: number
}

/** A person who mistypes does not notice the first second; a program that guesses soon waits for the longest delay. */
export const logInLimits = (settings: AttemptSettings) => ({
  account: limitOf(settings, settings.logInFree, 1),
  address: limitOf(settings, settings.logInAddressFree, 1),
})

export const registrationLimits = (settings: AttemptSettings) => ({
  address: limitOf(settings, settings.registerAddressFree, 60),
})

const limitOf = (
  { maxDelaySeconds }: AttemptSettings,
  free: number,
  firstDelaySeconds: number,
): Limit => ({
  free,
  firstDelayMs: firstDelaySeconds * 1000,
  maxDelayMs: maxDelaySeconds * 1000,
})
