import { randomUUID } from 'node:crypto'
import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import type { Viewer } from '@cinegraph/kit/identity'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import type { Account, AccountRepository } from './account.repository.js'
import {
  credentials,
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

export interface AccountService {
  /** Makes an account with role `user`. Throws BAD_USER_INPUT with the path under `input`. */
  create(input: z.input<typeof newAccount>): Promise<CreateOutcome>
  /** Throws UNAUTHENTICATED, the same for an unknown login and a wrong password. */
  authenticate(input: Credentials): Promise<Account>
  find(id: string): Promise<Account | undefined>
  /** Those that exist, as `viewer` may see them. Ids that are not UUIDs are of nobody. */
  findVisible(viewer: Viewer, ids: readonly string[]): Promise<readonly VisibleAccount[]>
  /** Whether there is any account at all. */
  any(): Promise<boolean>
  /** For scripts: afterwards the account exists and has at least these roles. Safe to repeat. */
  ensure(account: EnsuredAccount): Promise<{ id: string; created: boolean }>
}

export interface AccountServiceDependencies {
  repository: AccountRepository
  hasher: PasswordHasher
  now: Clock
}

const DEFAULT_ROLE = 'user'
const READ_ANY = 'users:read'
const isUuid = (id: string) => z.uuid().safeParse(id).success

export function createAccountService(dependencies: AccountServiceDependencies): AccountService {
  const { repository, hasher, now } = dependencies

  const store = async (account: NewAccount, roles: readonly string[]) => {
    const { password, ...profile } = account
    const row = {
      ...profile,
      id: randomUUID(),
      loginKey: loginKey(account.login),
      createdAt: now(),
    }
    return repository.create({ ...row, passwordHash: await hasher.hash(password) }, roles)
  }

  const requireRoles = async (names: readonly string[]) => {
    const found = await repository.existingRoles(names)
    const missing = names.filter((name) => !found.some((it) => it.name === name))
    if (missing.length === 0) return found
    throw new AppError('BAD_USER_INPUT', `There is no role ${missing.join(', ')}.`)
  }

  const find = async (id: string) => {
    const [account] = await repository.findMany([id])
    return account
  }

  return {
    async create(input) {
      const account = validate(newAccount, input, 'input')
      const weakness = await weaknessOf(account)
      if (weakness) return { kind: 'weak-password', weakness }
      const created = await store(account, [DEFAULT_ROLE])
      return created
        ? { kind: 'created', account: created }
        : { kind: 'login-taken', login: account.login }
    },

    async authenticate(input) {
      const { login, password } = validate(credentials, input, 'input')
      const known = await repository.findCredentials(login)
      const { matches, replacement } = await hasher.check(known?.passwordHash, password)
      if (!known || !matches) throw wrongCredentials()
      const { id, passwordHash } = known
      if (replacement) await repository.replacePasswordHash(id, passwordHash, replacement)
      const account = await find(id)
      if (!account) throw wrongCredentials()
      return account
    },

    find,

    async findVisible(viewer, ids) {
      const accounts = await repository.findMany(ids.filter(isUuid))
      return accounts.map((account) => visibleTo(viewer, account))
    },

    any: () => repository.any(),

    async ensure({ roles, ...given }) {
      const account = validate(newAccount, given, 'account')
      const wanted = await requireRoles(roles)
      const key = loginKey(account.login)
      const known = await repository.findCredentials(key)
      const names = wanted.map((role) => role.name)
      const created = known ? undefined : await store(account, names)
      if (created) return { id: created.id, created: true }
      // read again: another process may have made it in between
      const { id } = (await repository.findCredentials(key))!
      const ids = wanted.map((role) => role.id)
      await repository.addRoles(id, ids)
      return { id, created: false }
    },
  }
}

const wrongCredentials = () => new AppError('UNAUTHENTICATED', 'Login or password is wrong.')

function visibleTo(viewer: Viewer, account: Account): VisibleAccount {
  const { id, login, email, firstName, lastName, roles, createdAt } = account
  const mayRead =
    viewer.kind === 'user' && (viewer.id === id || viewer.permissions.includes(READ_ANY))
  return mayRead
    ? { id, login, email, firstName, lastName, roles, createdAt }
    : { id, login, email: null, firstName: null, lastName: null, roles: null, createdAt: null }
}
