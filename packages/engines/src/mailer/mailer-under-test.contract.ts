import { inspect } from 'node:util'
import type { Email } from 'postal-mime'
import type { Mailer, MailOutcome } from './mailer.js'

/** One mailer of an adapter, and what came out at its other end. */
export interface MailerUnderTest {
  mailer: Mailer
  /** Every mail so far, parsed by another library than the one that wrote it. */
  received: () => Promise<Email[]>
  close?: () => Promise<void>
}

export const mailTo = (to: string) => ({
  to,
  subject: 'Confirm your address',
  text: 'Hello',
  html: '<p>Hello</p>',
})

/** Everything an error says and holds, causes included. */
export const everythingIn = (error: unknown): string =>
  inspect(error, { depth: Infinity, showHidden: true })

/** The outcome of a send, or the error it was rejected with. */
export const settled = (sending: Promise<MailOutcome>): Promise<unknown> =>
  sending.catch((error: unknown) => error)
