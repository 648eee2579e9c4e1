const MINUTE_MS = 60_000

/** How often mail that somebody asks for goes to one address, and how often somebody may ask from one network. */
export const MAIL_LIMITS = {
  account: { free: 5, firstDelayMs: MINUTE_MS, maxDelayMs: 60 * MINUTE_MS },
  address: { free: 20, firstDelayMs: 10_000, maxDelayMs: 10 * MINUTE_MS },
} as const
