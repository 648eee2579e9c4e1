import type { Client } from '@cinegraph/kit/client'
import type { Language } from '@cinegraph/kit/language'
import { validate } from '@cinegraph/kit/validate'
import { emailKey, password } from '../accounts/account.rules.js'
import type { AccountService } from '../accounts/account.service.js'
import type { PasswordHasher } from '../accounts/password-hasher.js'
import { weaknessOf, type PasswordWeakness } from '../accounts/password-policy.js'
import type { Asking, AuthenticationService } from '../authentication/authentication.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { AccountMail } from './account-mail.js'
import type { AccountNotices } from './account-notices.js'
import type { Background } from './background.js'
import type { EmailTokenRepository } from './email-token.repository.js'
import type { EmailTokens } from './email-tokens.js'
import { givenEmail } from './email.rules.js'
import type { MailLimit } from './mail-limits.js'

export type ResetPasswordOutcome =
  /** `unlinked`: how many social accounts logged in to it and do so no more. */
  | { readonly kind: 'reset'; readonly login: string; readonly unlinked: number }
  | { readonly kind: 'weak-password'; readonly weakness: PasswordWeakness }
  | { readonly kind: 'invalid'; readonly expired: boolean }

export interface NewPassword {
  readonly token: string
  readonly newPassword: string
  readonly language: Language
}

export interface PasswordResetDependencies {
  accounts: AccountService
  hasher: PasswordHasher
  sessions: Pick<SessionService, 'ending'>
  authentication: Pick<AuthenticationService, 'forgetGuesses'>
  tokens: EmailTokens
  repository: EmailTokenRepository
  mail: AccountMail
  notices: AccountNotices
  limit: MailLimit
  /** For these mails alone. */
  background: Background
}

/** A new password for who forgot it, or never had one: whoever reads the confirmed address owns the account. */
export class PasswordResetService {
  constructor(private readonly dependencies: PasswordResetDependencies) {}

  /**
   * Sends a link if the address is the confirmed one of an account. That is found out after the answer, which is the same in the
   * same time. Throws BAD_USER_INPUT and RATE_LIMITED, whether there is an account or not.
   */
  async request(
    given: string,
    { client, language }: { client: Client; language: Language },
  ): Promise<void> {
    const { limit, background } = this.dependencies
    const email = emailKey(validate(givenEmail, given, 'email'))
    await limit({ to: email, client })
    background.run('password reset mail', () => this.sendLink(email, language))
  }

  /**
   * Sets the password, ends all sessions, refuses their access tokens and unlinks all social accounts, all or nothing: who
   * resets a password may have been robbed, and then some of these are the thief's. A password that is too short or too
   * long is BAD_USER_INPUT; neither it nor a weak one uses the token up.
   */
  async reset(
    { token, newPassword, language }: NewPassword,
    asking: Asking,
  ): Promise<ResetPasswordOutcome> {
    const { accounts, authentication, hasher, sessions, tokens, repository, notices } =
      this.dependencies
    const typed = validate(password, newPassword, 'newPassword')
    const found = await tokens.find('RESET_PASSWORD', token)
    if (found.kind === 'invalid') return found
    const account = await accounts.find(found.row.userId)
    if (!account) return { kind: 'invalid', expired: false }
    const weakness = await weaknessOf({ ...account, password: typed })
    if (weakness) return { kind: 'weak-password', weakness }
    const passwordHash = await hasher.hash(typed, asking)
    const ending = sessions.ending()
    const done = await repository.resetPassword(found.row, { passwordHash, ending })
    if (!done) return { kind: 'invalid', expired: false }
    await authentication.forgetGuesses(account)
    notices.tell(account.id, { kind: 'passwordReset', ...done }, language)
    return { kind: 'reset', login: account.login, ...done }
  }

  private async sendLink(email: string, language: Language): Promise<void> {
    const { accounts, tokens, mail } = this.dependencies
    const account = await accounts.findByVerifiedEmail(email)
    if (!account) return
    const { token } = await tokens.issue('RESET_PASSWORD', { userId: account.id, email })
    await mail.resetPassword(email, { account, token, language })
  }
}
