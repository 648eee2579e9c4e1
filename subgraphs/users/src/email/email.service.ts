import type { Client } from '@cinegraph/kit/client'
import { AppError, assertNever } from '@cinegraph/kit/errors'
import type { Viewer } from '@cinegraph/kit/identity'
import type { Language } from '@cinegraph/kit/language'
import { validate } from '@cinegraph/kit/validate'
import type { Account } from '../accounts/account.repository.js'
import { emailKey } from '../accounts/account.rules.js'
import type { AccountService } from '../accounts/account.service.js'
import type { Asking, AuthenticationService } from '../authentication/authentication.service.js'
import type { AccountMail } from './account-mail.js'
import type { Background } from './background.js'
import type { EmailTokenRepository } from './email-token.repository.js'
import type { EmailTokens } from './email-tokens.js'
import { givenEmail } from './email.rules.js'
import type { MailLimit } from './mail-limits.js'
import type { OwnerProof } from '../sessions/owner-proof.js'

/** A link that is on its way. */
export interface SentLink {
  readonly email: string
  readonly expiresAt: Date
}

export type ConfirmEmailOutcome =
  | { readonly kind: 'confirmed'; readonly email: string }
  | { readonly kind: 'taken'; readonly email: string }
  | { readonly kind: 'invalid'; readonly expired: boolean }

export interface NewEmail {
  readonly newEmail: string
  readonly password?: string | null | undefined
  readonly language: Language
}

export interface EmailServiceDependencies {
  accounts: AccountService
  authentication: Pick<AuthenticationService, 'confirmOwner'>
  tokens: EmailTokens
  repository: EmailTokenRepository
  mail: AccountMail
  limit: MailLimit
  background: Background
}

/** Who asks for a mail, and in what language. */
interface MailAsked {
  readonly client: Client
  readonly language: Language
}

interface MailTo extends MailAsked {
  readonly email: string
  /** That the owner of the account asks, where that has to be proved. */
  readonly proof?: OwnerProof
  /** Where the address came from, when it was an argument. */
  readonly argument?: readonly string[]
}

/** Finds out whether an address belongs to the owner of an account, and only then makes it theirs. */
export class EmailService {
  constructor(private readonly dependencies: EmailServiceDependencies) {}

  /** Sends the first link to the address of a new account, if it has one. Nobody waits for it, and it may fail. */
  welcome(account: Account, asked: MailAsked): void {
    const { email } = account
    if (email === null || account.verifiedEmail !== null) return
    this.dependencies.background.run('confirmation mail', async () => {
      await this.sendLink(account, { email, ...asked })
    })
  }

  /** Throws UNAUTHENTICATED, CONFLICT without an address, or when it is confirmed or mail to it is refused, RATE_LIMITED. */
  async resend(viewer: Viewer, asked: MailAsked): Promise<SentLink> {
    const account = await this.dependencies.accounts.requireOwn(viewer)
    const { email } = account
    if (email === null) {
      throw new AppError('CONFLICT', 'Your account has no email address: give one by changeEmail.')
    }
    requireOther(account, email)
    return this.sendLink(account, { email, ...asked })
  }

  /**
   * Sends a link to the new address; until it is confirmed nothing changes. Throws UNAUTHENTICATED, FORBIDDEN as
   * `confirmOwner` does, BAD_USER_INPUT, CONFLICT when it is confirmed already, RATE_LIMITED. Whether it is somebody
   * else's is told to nobody but those who read its mail.
   */
  async change(
    viewer: Viewer,
    { newEmail, password, language }: NewEmail,
    asking: Asking,
  ): Promise<SentLink> {
    const account = await this.dependencies.accounts.requireOwn(viewer)
    const email = validate(givenEmail, newEmail, 'newEmail')
    const { authentication, background, mail } = this.dependencies
    const proof = await authentication.confirmOwner(viewer, { password, ...asking })
    requireOther(account, email)
    const to = { email, language, client: asking.client, proof, argument: ['newEmail'] }
    const sent = await this.sendLink(account, to)
    const { verifiedEmail } = account
    if (verifiedEmail !== null) {
      background.run('notice of a new address', async () => {
        await mail.emailChangeAsked(verifiedEmail, { account, newEmail: email, language })
      })
    }
    return sent
  }

  /** Makes the address that the token was sent to the account's own. */
  async confirm(token: string): Promise<ConfirmEmailOutcome> {
    const { tokens, repository } = this.dependencies
    const found = await tokens.find('CONFIRM_EMAIL', token)
    if (found.kind === 'invalid') return found
    const { email } = found.row
    const outcome = await repository.confirmEmail(found.row, emailKey(email))
    switch (outcome) {
      case 'confirmed':
      case 'taken':
        return { kind: outcome, email }
      case 'spent':
        return { kind: 'invalid', expired: false }
      default:
        return assertNever(outcome)
    }
  }

  private async sendLink(account: Account, to: MailTo): Promise<SentLink> {
    const asked = { to: to.email, client: to.client, userId: account.id }
    const attempt = await this.dependencies.limit(asked)
    const sent = await this.handOver(account, to).catch(async (error: unknown) => {
      await attempt.undo()
      throw error
    })
    if (sent) return sent
    const { argument } = to
    const message = 'Mail to this address is refused. Is it right?'
    throw argument
      ? new AppError('BAD_USER_INPUT', message, { argument })
      : new AppError('CONFLICT', message)
  }

  /** The same work whether the address is another account's or free. `undefined` when mail to it is refused. */
  private async handOver(
    { id: userId }: Account,
    { email, language, proof }: MailTo,
  ): Promise<SentLink | undefined> {
    const { accounts, tokens, mail } = this.dependencies
    const { token, expiresAt } = await tokens.issue('CONFIRM_EMAIL', { userId, email }, proof)
    const owner = await accounts.findByVerifiedEmail(email)
    const outcome = owner
      ? await mail.addressTaken(email, language)
      : await mail.confirmEmail(email, { token, language })
    return outcome === 'accepted' ? { email, expiresAt } : undefined
  }
}

function requireOther({ verifiedEmail }: Account, email: string): void {
  if (emailKey(email) !== verifiedEmail) return
  throw new AppError('CONFLICT', 'This is your address, and it is confirmed.')
}
