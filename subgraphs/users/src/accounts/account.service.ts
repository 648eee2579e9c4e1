import { randomUUID } from 'node:crypto'
import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import type { Viewer } from '@cinegraph/kit/identity'
import { validate } from '@cinegraph/kit/validate'
import type { z } from 'zod'
import { mayReadPrivate } from './account-access.js'
import type { Account, AccountRepository } from './account.repository.js'
import {
  credentials,
  isLogin,
  loginKey,
  newAccount,
  type Credentials,
  type NewAccount,
} from './account.rules.js'
import type { PasswordHasher } from './password-hasher.js'
import { weaknessOf, type PasswordWeakness } from './password-policy.js'

export type CreateOutcome =
  | { readonly kind: 'created'; readonly account: Account }
  | { readonly kind: 'login-taken'; readonly login: string }
  | { readonly kind: 'weak-password'; readonly weakness: PasswordWeakness }

/** An account as one viewer may see it: private fields are null for others. */
export type VisibleAccount = Pick<Account, 'id' | 'login'> & {
  readonly [F in 'email' | 'firstName' | 'lastName' | 'roles' | 'createdAt']: Account[F] | null
}

export interface EnsuredAccount {
  login: string
  /** Used only when the account is made now. */
  password: string
  roles: readonly string[]
}

const DEFAULT_ROLE = 'user'

export class AccountService {
  constructor(
    private readonly repository: AccountRepository,
    private readonly hasher: PasswordHasher,
    private readonly now: Clock,
  ) {}

  /** Makes an account with role `user`. Throws BAD_USER_INPUT with the path under `input`. */
  async create(input: z.input<typeof newAccount>, signal?: AbortSignal): Promise<CreateOutcome> {
    const account = validate(newAccount, input, 'input')
    const weakness = await weaknessOf(account)
    if (weakness) return { kind: 'weak-password', weakness }
    const created = await this.store(account, { roles: [DEFAULT_ROLE], signal })
    return created
      ? { kind: 'created', account: created }
      : { kind: 'login-taken', login: account.login }
  }

  /** Throws UNAUTHENTICATED, the same for an unknown login and a wrong password. */
  async authenticate(input: Credentials, signal?: AbortSignal): Promise<Account> {
    const { login, password } = validate(credentials, input, 'input')
    const known = isLogin(login) ? await this.repository.findCredentials(login) : undefined
    const { matches, replacement } = await this.hasher.check(known?.passwordHash ?? undefined, {
      password,
      signal,
    })
    if (!known || !matches) throw wrongCredentials()
    const { id, passwordHash } = known
    if (passwordHash && replacement) {
      await this.repository.replacePasswordHash(id, passwordHash, replacement)
    }
    const account = await this.find(id)
    if (!account) throw wrongCredentials()
    return account
  }

  async find(id: string): Promise<Account | undefined> {
    const [account] = await this.repository.findByIds([id])
    return account
  }

  /** Those that exist, as `viewer` may see them, in no particular order. The ids must be UUIDs. */
  async findVisible(viewer: Viewer, ids: readonly string[]): Promise<VisibleAccount[]> {
    const accounts = await this.repository.findByIds(ids)
    return accounts.map((account) => visibleTo(viewer, account))
  }

  /** Whether there is any account at all. */
  any(): Promise<boolean> {
    return this.repository.any()
  }

  /** For scripts: afterwards the account exists and has at least these roles. Safe to repeat. */
  async ensure({ roles, ...given }: EnsuredAccount): Promise<{ id: string; created: boolean }> {
    const account = validate(newAccount, given, 'account')
    const wanted = await this.requireRoles(roles)
    const key = loginKey(account.login)
    const known = await this.repository.findCredentials(key)
    const names = wanted.map((role) => role.name)
    const created = known ? undefined : await this.store(account, { roles: names })
    if (created) return { id: created.id, created: true }
    // read again: another process may have made it in between
    const { id } = (await this.repository.findCredentials(key))!
    const ids = wanted.map((role) => role.id)
    await this.repository.addRoles(id, ids)
    return { id, created: false }
  }

  private async store(
    account: NewAccount,
    { roles, signal }: { roles: readonly string[]; signal?: AbortSignal | undefined },
  ) {
    const { password, ...profile } = account
    const row = {
      ...profile,
      id: randomUUID(),
      loginKey: loginKey(account.login),
      verifiedEmail: null,
      createdAt: this.now(),
    }
    const passwordHash = await this.hasher.hash(password, signal)
    return this.repository.create({ ...row, passwordHash }, roles)
  }

  private async requireRoles(names: readonly string[]) {
    const found = await this.repository.existingRoles(names)
    const missing = names.filter((name) => !found.some((it) => it.name === name))
    if (missing.length === 0) return found
    throw new AppError('BAD_USER_INPUT', `There is no role ${missing.join(', ')}.`)
  }
}

const wrongCredentials = () => new AppError('UNAUTHENTICATED', 'Login or password is wrong.')

function visibleTo(viewer: Viewer, account: Account): VisibleAccount {
  const { id, login, email, firstName, lastName, roles, createdAt } = account
  return mayReadPrivate(viewer, id)
    ? { id, login, email, firstName, lastName, roles, createdAt }
    : { id, login, email: null, firstName: null, lastName: null, roles: null, createdAt: null }
}
