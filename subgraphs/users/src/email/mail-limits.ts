import type { Client } from '@cinegraph/kit/client'
import { emailKey } from '../accounts/account.rules.js'
import type { Attempt, CreateAttempts } from '../authentication/attempts.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** How often mail that somebody asks for goes to one mailbox, and how often somebody may ask from one network. */
const TO_MAILBOX = {
  account: { free: 5, firstDelayMs: MINUTE_MS, maxDelayMs: HOUR_MS },
  address: { free: 20, firstDelayMs: 10_000, maxDelayMs: 10 * MINUTE_MS },
} as const

/** How often the owner of one account may have mail sent, to whatever addresses: no more than a dozen times a day. */
const BY_ACCOUNT = {
  account: { free: 10, firstDelayMs: 6 * HOUR_MS, maxDelayMs: 24 * HOUR_MS },
} as const

export interface AskedMail {
  readonly to: string
  readonly client: Client
  /** Whose account asks, when it is known. */
  readonly userId?: string
}

/** Counts a mail before it is sent. Throws RATE_LIMITED. */
export type MailLimit = (asked: AskedMail) => Promise<Pick<Attempt, 'undo'>>

export function createMailLimit(createAttempts: CreateAttempts): MailLimit {
  const byAccount = createAttempts('mail-of-account', BY_ACCOUNT)
  const toMailbox = createAttempts('mail', TO_MAILBOX)
  return async ({ to, client: { address }, userId: account }) => {
    const ofAccount = await byAccount.take({ account })
    const ofMailbox = await toMailbox
      .take({ account: mailboxOf(to), address })
      .catch(async (error: unknown) => {
        await ofAccount.undo()
        throw error
      })
    return {
      async undo() {
        await Promise.all([ofAccount.undo(), ofMailbox.undo()])
      },
    }
  }
}

/** `ann+films@x.org` is read by `ann@x.org`, and there is no end of such names. */
const mailboxOf = (email: string) => emailKey(email).replace(/(?<=[^@])\+[^@]*(?=@)/, '')
