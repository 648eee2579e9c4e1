import { requireUser, type Viewer } from '@cinegraph/kit/identity'
import type { Language } from '@cinegraph/kit/language'
import { validate } from '@cinegraph/kit/validate'
import type { z } from 'zod'
import type { Asking, AuthenticationService } from '../authentication/authentication.service.js'
import type { OwnersPassword } from '../authentication/owner-confirmation.args.js'
import type { AccountNotices } from '../email/account-notices.js'
import type { AdministrationService } from '../administration/administration.service.js'
import type { Attempts } from '../authentication/attempts.js'
import { accountChanged } from '../sessions/owner-proof.js'
import type { SessionService } from '../sessions/session.service.js'
import type { Account } from '../accounts/account.repository.js'
import { loginKey, ownLogin, password, profileChange } from '../accounts/account.rules.js'
import { ownAccountGone, type AccountService } from '../accounts/account.service.js'
import type { PasswordHasher } from '../accounts/password-hasher.js'
import { weaknessOf, type PasswordWeakness } from '../accounts/password-policy.js'
import type { OwnAccountRepository } from './own-account.repository.js'

export type ChangeLoginOutcome =
  | { readonly kind: 'changed'; readonly account: Account }
  | { readonly kind: 'login-taken'; readonly login: string }

export type ChangePasswordOutcome =
  | { readonly kind: 'changed'; readonly account: Account }
  | { readonly kind: 'weak-password'; readonly weakness: PasswordWeakness }

export interface OwnAccountServiceDependencies {
  repository: OwnAccountRepository
  accounts: AccountService
  authentication: AuthenticationService
  hasher: PasswordHasher
  sessions: SessionService
  notices: AccountNotices
  administration: AdministrationService
  /** How often somebody may change their password. */
  passwordChanges: Attempts
}

/**
 * What people do to their own accounts. All throw UNAUTHENTICATED, and BAD_USER_INPUT for bad input; what asks for the
 * password also FORBIDDEN and RATE_LIMITED, as `confirmOwner` does.
 */
export class OwnAccountService {
  constructor(private readonly dependencies: OwnAccountServiceDependencies) {}

  async updateProfile(viewer: Viewer, input: z.input<typeof profileChange>): Promise<Account> {
    const { id } = requireUser(viewer)
    const change = validate(profileChange, input, 'input')
    const account = await this.dependencies.repository.updateProfile(id, change)
    if (account) return account
    throw ownAccountGone()
  }

  async changeLogin(
    viewer: Viewer,
    given: { newLogin: string; password: OwnersPassword },
    asking: Asking,
  ): Promise<ChangeLoginOutcome> {
    requireUser(viewer)
    const wanted = validate(ownLogin, given.newLogin, 'newLogin')
    const { authentication, repository } = this.dependencies
    const proof = await authentication.confirmOwner(viewer, { password: given.password, ...asking })
    const names = { login: wanted, loginKey: loginKey(wanted) }
    const account = await repository.changeLogin(proof, names)
    if (account === 'outdated') throw accountChanged()
    return account === 'taken'
      ? { kind: 'login-taken', login: wanted }
      : { kind: 'changed', account }
  }

  /**
   * Ends the other sessions, and links that would change the address: whoever knew the old password is out. The owner gets a
   * notice. Throws RATE_LIMITED also when this was done too often.
   */
  async changePassword(
    viewer: Viewer,
    given: { oldPassword?: OwnersPassword; newPassword: string; language: Language },
    asking: Asking,
  ): Promise<ChangePasswordOutcome> {
    const user = requireUser(viewer)
    const { repository, accounts, authentication, hasher, sessions, notices } = this.dependencies
    const wanted = validate(password, given.newPassword, 'newPassword')
    const typed = { password: given.oldPassword, ...asking }
    const proof = await authentication.confirmOwner(viewer, typed)
    const account = await accounts.requireOwn(user)
    const weakness = await weaknessOf({ ...account, password: wanted })
    if (weakness) return { kind: 'weak-password', weakness }
    await this.dependencies.passwordChanges.take({ account: user.id })
    const hash = await hasher.hash(wanted, asking)
    const changed = await repository.changePassword(proof, hash, sessions.ending())
    if (!changed) throw accountChanged()
    notices.tell(user.id, { kind: 'passwordChanged' }, given.language)
    return { kind: 'changed', account: { ...account, hasPassword: true } }
  }

  /** Throws CONFLICT for the last administrator. Returns the id. */
  async delete(viewer: Viewer, typed: OwnersPassword, asking: Asking): Promise<string> {
    const { authentication, administration, sessions } = this.dependencies
    const proof = await authentication.confirmOwner(viewer, { password: typed, ...asking })
    await administration.asOwner(proof, ({ accounts }) =>
      accounts.delete(proof.userId, sessions.ending()),
    )
    return proof.userId
  }
}
