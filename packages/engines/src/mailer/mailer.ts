import type { Service } from '@cinegraph/kit/lifecycle'

export interface Mail {
  /** One address, without a name. */
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The same for programs that show HTML. */
  readonly html: string
}

/** `refused`: the server takes no mail for this address, now or later. */
export type MailOutcome = 'accepted' | 'refused'

/**
 * Hands mail over to whoever delivers it. Whether it reaches a person nobody tells: an address may be refused much later,
 * by a message to the sender. Stopping waits for what is being sent.
 */
export interface Mailer extends Service {
  /**
   * Resolves when the mail is in safe hands. Throws a DependencyError when it is not, and an Error, sending nothing, when
   * `to` is not one address or the subject not one line.
   */
  send(mail: Mail): Promise<MailOutcome>
}
