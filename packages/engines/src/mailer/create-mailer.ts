import { DependencyError } from '@cinegraph/kit/errors'
import { aborted, createService } from '@cinegraph/kit/lifecycle'
import type { Registry } from '@cinegraph/kit/metrics'
import type { Mail, Mailer, MailOutcome } from './mailer.js'
import { createMailCounter } from './metrics.js'

/** What differs between adapters. */
export interface Delivery {
  /** Throws a ConfigError that names MAIL_URL when no mail can be handed over with these settings. */
  open(): Promise<void>
  deliver(mail: Mail, signal: AbortSignal): Promise<MailOutcome>
  /** Ends deliveries that are still under way. */
  close(): void
}

export interface CreateMailerOptions {
  delivery: Delivery
  metrics: Registry | undefined
  /** Milliseconds that one mail may take. */
  timeoutMs: number
}

/** What every adapter does alike: checks, counts, time limit, and a stop that waits. */
export function createMailer({ delivery, metrics, timeoutMs }: CreateMailerOptions): Mailer {
  const counter = createMailCounter(metrics)
  const inFlight = new Set<Promise<MailOutcome>>()
  const service = createService({
    name: 'mailer',
    start: () => delivery.open(),
    async stop(deadline) {
      await Promise.race([Promise.allSettled(inFlight), aborted(deadline)])
      delivery.close()
    },
  })
  const deliver = async (mail: Mail): Promise<MailOutcome> => {
    const readiness = await service.ready()
    if (!readiness.ready) throw new DependencyError('mailer', `mailer is ${readiness.reason}`)
    try {
      const outcome = await delivery.deliver(mail, AbortSignal.timeout(timeoutMs))
      counter.inc({ outcome })
      return outcome
    } catch (error) {
      counter.inc({ outcome: 'failed' })
      throw new DependencyError('mailer', 'the mail could not be handed over', { cause: error })
    }
  }
  return {
    ...service,
    async send(mail) {
      requireHeaders(mail)
      const delivered = deliver(mail)
      inFlight.add(delivered)
      return delivered.finally(() => inFlight.delete(delivered))
    },
  }
}

// what would end the header, name a second recipient or hide one
const ADDRESS = /^[^\s\p{Cc}<>(),;:"@]+@[^\s\p{Cc}<>(),;:"@]+$/u

/** Whoever sends has checked what people typed; what gets here nevertheless is a bug. */
function requireHeaders({ to, subject }: Mail): void {
  if (!ADDRESS.test(to)) throw new Error('the recipient of a mail must be one address')
  if (/\p{Cc}/u.test(subject)) throw new Error('the subject of a mail must be one line')
}
