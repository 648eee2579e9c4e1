import type { Client } from '@cinegraph/kit/client'
import type { Language } from '@cinegraph/kit/language'
import { validate } from '@cinegraph/kit/validate'
import { emailKey, password } from '../accounts/account.rules.js'
import type { AccountService } from '../accounts/account.service.js'
import type { PasswordHasher } from '../accounts/password-hasher.js'
import { weaknessOf, type PasswordWeakness } from '../accounts/password-policy.js'
import type { Attempts } from '../authentication/attempts.js'
import type { SessionService } from '../sessions/session.service.js'
import type { AccountMail } from './account-mail.js'
import type { Background } from './background.js'
import type { EmailTokenRepository } from './email-token.repository.js'
import type { EmailTokens } from './email-tokens.js'
import { givenEmail } from './email.rules.js'

export type ResetPasswordOutcome =
  | { readonly kind: 'reset'; readonly login: string }
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
  tokens: EmailTokens
  repository: EmailTokenRepository
  mail: AccountMail
  /** How often mail is sent to an address, and how often somebody may ask for it. */
  limit: Attempts
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
    await limit.take({ account: email, address: client.address })
    background.run('password reset mail', () => this.sendLink(email, language))
  }

  /**
   * Sets the password, ends all sessions and refuses their access tokens, all or nothing. A password that is too short or too
   * long is BAD_USER_INPUT; neither it nor a weak one uses the token up.
   */
  async reset(
    { token, newPassword, language }: NewPassword,
    signal: AbortSignal,
  ): Promise<ResetPasswordOutcome> {
    const { accounts, hasher, sessions, tokens, repository } = this.dependencies
    const typed = validate(password, newPassword, 'newPassword')
    const found = await tokens.find('RESET_PASSWORD', token)
    if (found.kind === 'invalid') return found
    const account = await accounts.find(found.row.userId)
    if (!account) return { kind: 'invalid', expired: false }
    const weakness = await weaknessOf({ ...account, password: typed })
    if (weakness) return { kind: 'weak-password', weakness }
    const passwordHash = await hasher.hash(typed, signal)
    const done = await repository.resetPassword(found.row, {
      passwordHash,
      ending: sessions.ending(),
    })
    if (!done) return { kind: 'invalid', expired: false }
    this.noticeOfChange(account.id, language)
    return { kind: 'reset', login: account.login }
  }

  /** Tells the owner, behind the answer, that the password was changed: here or otherwise. */
  noticeOfChange(userId: string, language: Language): void {
    const { accounts, background, mail } = this.dependencies
    background.run('notice of a new password', async () => {
      const account = await accounts.find(userId)
      if (account?.verifiedEmail) {
        await mail.passwordChanged(account.verifiedEmail, { account, language })
      }
    })
  }

  private async sendLink(email: string, language: Language): Promise<void> {
    const { accounts, tokens, mail } = this.dependencies
    const account = await accounts.findByVerifiedEmail(email)
    if (!account) return
    const { token } = await tokens.issue('RESET_PASSWORD', { userId: account.id, email })
    await mail.resetPassword(email, { account, token, language })
  }
}
