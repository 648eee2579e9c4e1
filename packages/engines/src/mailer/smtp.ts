import { ConfigError } from '@cinegraph/kit/config'
import type { Logger } from '@cinegraph/kit/logger'
import type { Delivery } from './create-mailer.js'
import { openSmtpPool, type SmtpFailure } from './nodemailer.js'

export interface SmtpOptions {
  /** `smtp://user:password@host:port?option=value`, or `smtps:`. */
  url: string
  from: string
  log: Logger
}

/** Mail by SMTP, over a few connections that stay open. */
export function smtpDelivery({ url, from, log }: SmtpOptions): Delivery {
  const pool = openSmtpPool({ url: requireOptions(url), from, requireTLS: requiresTls(url) })
  return {
    async open() {
      await pool.verify().catch((error: unknown) => {
        throw new ConfigError([`MAIL_URL: ${new URL(url).host} ${reasonOf(error as SmtpFailure)}`])
      })
    },
    async deliver(mail, signal) {
      try {
        await pool.send(mail, signal)
        return 'accepted'
      } catch (error) {
        if (!isRefusedAddress(error as SmtpFailure)) throw error
        const { response } = error as SmtpFailure
        log.info({ response }, 'mail server refuses an address')
        return 'refused'
      }
    },
    close: () => pool.close(),
  }
}

// as nodemailer has them; its others would print what is sent, or send it elsewhere
const OPTION =
  /^(requireTLS|ignoreTLS|name|authMethod|maxConnections|maxMessages|(connection|greeting|socket)Timeout|tls\.(rejectUnauthorized|servername|minVersion))$/

function requireOptions(url: string): string {
  const { hostname, searchParams } = new URL(url)
  if (hostname === '') throw new ConfigError(['MAIL_URL: must name a host: smtp://host:587'])
  const unknown = [...searchParams.keys()].find((name) => !OPTION.test(name))
  if (unknown === undefined) return url
  throw new ConfigError([`MAIL_URL: the option ${unknown} is not one of a mail server`])
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i

/** Whether STARTTLS must succeed when the URL does not say: everywhere but on this machine. */
export const requiresTls = (url: string): boolean => !LOOPBACK.test(new URL(url).hostname)

// no such mailbox, mailbox moved, full or misspelt, a domain without mail (RFC 5321, RFC 7504)
const REFUSALS = new Set<number | undefined>([550, 551, 552, 553, 556])
// enhanced status (RFC 3463): it is we who may not send
const POLICY = /^\d{3}[ -]5\.7\./

const isRefusedAddress = ({ command, responseCode, response = '' }: SmtpFailure): boolean =>
  command === 'RCPT TO' && REFUSALS.has(responseCode) && !POLICY.test(response)

function reasonOf({ code, message }: SmtpFailure): string {
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return 'does not accept this user and password'
    case 'ETLS':
      return `offers no TLS that can be trusted (${message}); see the options requireTLS and tls.rejectUnauthorized`
    default:
      return `cannot be used (${message})`
  }
}
