import { createTransport } from 'nodemailer'
import type { Mail } from './mailer.js'

/** The message as RFC 5322 has it. */
export interface ComposeOptions {
  from: string
  date: Date
}

// messages of a program: nobody's absence is to be answered to it (RFC 3834)
const HEADERS = { 'Auto-Submitted': 'auto-generated' }

const optionsOf = ({ to, subject, text, html }: Mail, from: string) => ({
  from,
  // as an object it is one recipient, whatever is in it
  to: { name: '', address: to },
  subject,
  text,
  html,
  headers: HEADERS,
  disableFileAccess: true,
  disableUrlAccess: true,
})

/** The bytes of a mail, as a file `.eml` holds them. */
export async function composeMessage(mail: Mail, { from, date }: ComposeOptions): Promise<Buffer> {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  const { message } = await composer.sendMail({ ...optionsOf(mail, from), date })
  return message as Buffer
}

/** What nodemailer says of a failure, as far as we read it. */
export interface SmtpFailure extends Error {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
}

export interface SmtpPool {
  /** Connects, upgrades to TLS and logs in. */
  verify(): Promise<unknown>
  send(mail: Mail, signal: AbortSignal): Promise<void>
  close(): void
}

export interface SmtpPoolOptions {
  /** Options in its query count more than these. */
  url: string
  from: string
  requireTLS: boolean
}

const CONNECT_MS = 5_000
const IDLE_MS = 15_000

export function openSmtpPool({ url, from, requireTLS }: SmtpPoolOptions): SmtpPool {
  const pool = createTransport({
    url,
    pool: true,
    requireTLS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: IDLE_MS,
  })
  return {
    verify: () => pool.verify(),
    async send(mail, signal) {
      await pool.sendMail({ ...optionsOf(mail, from), signal })
    },
    close: () => pool.close({ force: true }),
  }
}
