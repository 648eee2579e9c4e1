import { AppError } from '@cinegraph/kit/errors'
import { validate } from '@cinegraph/kit/validate'
import type { Account } from './account.repository.js'
import { newAccount } from './account.rules.js'
import type { AccountSetupRepository } from './account-setup.repository.js'
import type { AccountService, CreateOutcome } from './account.service.js'

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
  ) {}

  /** Makes an account as somebody who registers does. Throws BAD_USER_INPUT with the path under `input`. */
  create({ roles, ...input }: AccountToSetUp): Promise<CreateOutcome> {
    return this.accounts.create(input, { roles })
  }

  /** Logins of at most `limit` accounts, in lower case. */
  someLogins(limit: number): Promise<string[]> {
    return this.repository.someLoginKeys(limit)
  }

  /** Gives roles to an account that exists, and says how many it did not have. `undefined` when there is none. */
  async grant(
    login: string,
    roles: readonly string[],
  ): Promise<{ account: Account; added: number } | undefined> {
    const roleIds = await this.idsOf(roles)
    const id = await this.accounts.idOf(login)
    if (id === undefined) return undefined
    const added = await this.repository.addRoles(id, roleIds)
    const account = await this.accounts.find(id)
    return account && { account, added }
  }

  /**
   * Afterwards the account exists and has at least these roles. Safe to repeat. The password may be one that is easily
   * guessed.
   */
  async ensure({ roles, ...given }: AccountToSetUp): Promise<{ id: string; created: boolean }> {
    const account = validate(newAccount, given, 'account')
    const granted = await this.grant(account.login, roles)
    if (granted) return { id: granted.account.id, created: false }
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
