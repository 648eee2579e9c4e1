import { type Clock, systemClock } from '@cinegraph/kit/clock'
import { ConfigError } from '@cinegraph/kit/config'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { createMailer, type Delivery } from './create-mailer.js'
import { fileDelivery } from './file.js'
import type { Mailer } from './mailer.js'
import { smtpDelivery } from './smtp.js'

export interface MailerOptions {
  /** `smtp://user:password@host:587`, `smtps://…` or `file:FOLDER`. */
  url: string
  /** Sender of every mail: an address, or `Name <address>`. */
  from: string
  log: Logger
  now?: Clock
  /** Where mails are counted by outcome. */
  metrics?: Registry
  /** Milliseconds that handing over one mail may take, waiting for a connection included. */
  timeoutMs?: number
}

/**
 * Connects on start. Throws a ConfigError that names MAIL_URL, without its user and password, when no mailer stands behind
 * `url` and, on start, when the server cannot be reached or refuses us.
 */
export function openMailer({ timeoutMs = 30_000, metrics, ...options }: MailerOptions): Mailer {
  return createMailer({ delivery: deliveryOf(options), metrics, timeoutMs })
}

function deliveryOf({ now = systemClock, ...options }: MailerOptions): Delivery {
  const scheme = URL.canParse(options.url) ? new URL(options.url).protocol : ''
  switch (scheme) {
    case 'smtp:':
    case 'smtps:':
      return smtpDelivery(options)
    case 'file:':
      return fileDelivery({ ...options, now })
    default:
      throw new ConfigError(['MAIL_URL: must be a URL that starts with smtp:, smtps: or file:'])
  }
}
