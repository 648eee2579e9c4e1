import { AppError } from '@cinegraph/kit/errors'
import { validate } from '@cinegraph/kit/validate'
import type { Account } from './account.repository.js'
import { credentials, newAccount } from './account.rules.js'
import type { AccountSetupRepository } from './account-setup.repository.js'
import type { AccountService, CreateOutcome } from './account.service.js'
import type { PasswordHasher } from './password-hasher.js'

export interface AccountToSetUp {
  login: string
  /** Used only when the account is made now. */
  password: string
  roles: readonly string[]
}

/** Accounts with roles, for scripts: whoever runs them has the database anyway. */
export class AccountSetupService {
  constructor(
    private readonly repository: AccountSetupRepository,
    private readonly accounts: AccountService,
    private readonly hasher: PasswordHasher,
  ) {}

  /** Makes an account as somebody who registers does. Throws BAD_USER_INPUT with the path under `input`. */
  create({ roles, ...input }: AccountToSetUp): Promise<CreateOutcome> {
    return this.accounts.create(input, { roles })
  }

  /** Logins of at most `limit` accounts, in lower case. */
  someLogins(limit: number): Promise<string[]> {
    return this.repository.someLoginKeys(limit)
  }

  /** Whose login it is, in whatever case. */
  async find(login: string): Promise<Account | undefined> {
    const id = await this.accounts.idOf(login)
    return id === undefined ? undefined : this.accounts.find(id)
  }

  /** Whether this is the account's password. */
  async hasPassword({ id }: Account, typed: string): Promise<boolean> {
    const stored = await this.repository.passwordHashOf(id)
    const password = validate(credentials.shape.password, typed, 'password')
    return (await this.hasher.check(stored ?? undefined, { password })).matches
  }

  /** Gives roles to an account. */
  async grant({ id }: Account, roles: readonly string[]): Promise<void> {
    await this.repository.addRoles(id, await this.idsOf(roles))
  }

  /**
   * Afterwards the account exists and has at least these roles. Safe to repeat. The password may be one that is easily
   * guessed.
   */
  async ensure({ roles, ...given }: AccountToSetUp): Promise<{ id: string; created: boolean }> {
    const account = validate(newAccount, given, 'account')
    const roleIds = await this.idsOf(roles)
    const id = await this.accounts.idOf(account.login)
    if (id !== undefined) {
      await this.repository.addRoles(id, roleIds)
      return { id, created: false }
    }
    const created = await this.accounts.add(account, { roles })
    if (created) return { id: created.id, created: true }
    // another process has made it in between
    return this.ensure({ roles, ...given })
  }

  private async idsOf(names: readonly string[]): Promise<string[]> {
    const found = await this.repository.existingRoles(names)
    const missing = names.filter((name) => !found.some((it) => it.name === name))
    if (missing.length === 0) return found.map(({ id }) => id)
    throw new AppError('BAD_USER_INPUT', `There is no role ${missing.join(', ')}.`)
  }
}
