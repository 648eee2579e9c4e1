import { randomInt, randomUUID } from 'node:crypto'
import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import type { Viewer } from '@cinegraph/kit/identity'
import { validate } from '@cinegraph/kit/validate'
import type { z } from 'zod'
import { mayReadPrivate } from './account-access.js'
import type { Account, AccountRepository, NewSocialAccount } from './account.repository.js'
import { emailKey, loginKey, newAccount, type NewAccount } from './account.rules.js'
import type { PasswordHasher } from './password-hasher.js'
import { weaknessOf, type PasswordWeakness } from './password-policy.js'

export type CreateOutcome =
  | { readonly kind: 'created'; readonly account: Account }
  | { readonly kind: 'login-taken'; readonly login: string }
  | { readonly kind: 'weak-password'; readonly weakness: PasswordWeakness }

/** What of an account is for its owner and for the permission `users:read`. */
const HIDDEN = {
  email: null,
  emailVerified: null,
  firstName: null,
  lastName: null,
  hasPassword: null,
  roles: null,
  blockedAt: null,
  blockedReason: null,
  createdAt: null,
} as const

/** An account as one viewer may see it: private fields are null for others. */
export type VisibleAccount = Pick<Account, 'id' | 'login'> & {
  readonly [F in keyof typeof HIDDEN]: Account[F] | null
}

/** A person as the provider knows them with whom they signed in. */
export interface SocialPerson {
  /** An address that the provider has seen the person read. */
  readonly email: string | null
  readonly firstName: string | null
  readonly lastName: string | null
}

export interface EnsuredAccount {
  login: string
  /** Used only when the account is made now. */
  password: string
  roles: readonly string[]
}

const DEFAULT_ROLE = 'user'
const SOCIAL_LOGIN = 'user-'
// so many that the first one is nearly always free
const SOCIAL_LOGINS = 1e12

export class AccountService {
  constructor(
    private readonly repository: AccountRepository,
    private readonly hasher: PasswordHasher,
    private readonly now: Clock,
  ) {}

  /** Makes an account, with role `user` unless others are given. Throws BAD_USER_INPUT with the path under `input`. */
  async create(
    input: z.input<typeof newAccount>,
    signal?: AbortSignal,
    roles: readonly string[] = [DEFAULT_ROLE],
  ): Promise<CreateOutcome> {
    const account = validate(newAccount, input, 'input')
    const weakness = await weaknessOf(account)
    if (weakness) return { kind: 'weak-password', weakness }
    const created = await this.store(account, { roles, signal })
    return created
      ? { kind: 'created', account: created }
      : { kind: 'login-taken', login: account.login }
  }

  /**
   * Makes an account without a password for who signed in with a provider, under a login that tells nothing of the person:
   * logins are public. `undefined` when meanwhile the address was confirmed, or the social account linked, by somebody.
   */
  async createSocial(
    { email, firstName, lastName }: SocialPerson,
    socialAccount: NewSocialAccount,
  ): Promise<Account | undefined> {
    const login = `${SOCIAL_LOGIN}${randomInt(SOCIAL_LOGINS)}`
    const verifiedEmail = email && emailKey(email)
    const profile = { login, email, verifiedEmail, firstName, lastName }
    const row = { ...this.identify(profile), passwordHash: null, socialAccount }
    const created = await this.repository.create(row, [DEFAULT_ROLE])
    if (created || !(await this.repository.findCredentials(loginKey(login)))) return created
    return this.createSocial({ email, firstName, lastName }, socialAccount)
  }

  async find(id: string): Promise<Account | undefined> {
    const [account] = await this.repository.findByIds([id])
    return account
  }

  /** The account whose owner confirmed this address. */
  findByVerifiedEmail(email: string): Promise<Account | undefined> {
    return this.repository.findByVerifiedEmail(emailKey(email))
  }

  /** Those that exist, as `viewer` may see them, in no particular order. The ids must be UUIDs. */
  async findVisible(viewer: Viewer, ids: readonly string[]): Promise<VisibleAccount[]> {
    const accounts = await this.repository.findByIds(ids)
    return accounts.map((account) => visibleTo(viewer, account))
  }

  /** As `viewer` may see it. Throws NOT_FOUND when it is gone. The id must be a UUID. */
  async requireVisible(viewer: Viewer, id: string): Promise<VisibleAccount> {
    const [account] = await this.findVisible(viewer, [id])
    if (account) return account
    throw noSuchAccount()
  }

  /** For scripts: logins of at most `limit` accounts, in lower case. */
  someLogins(limit: number): Promise<string[]> {
    return this.repository.someLoginKeys(limit)
  }

  /** For scripts: gives roles to an account that exists, and says how many it did not have. `undefined` when there is none. */
  async grant(
    login: string,
    roles: readonly string[],
  ): Promise<{ account: Account; added: number } | undefined> {
    const wanted = await this.requireRoles(roles)
    const known = await this.repository.findCredentials(loginKey(login))
    if (!known) return undefined
    const ids = wanted.map((role) => role.id)
    const added = await this.repository.addRoles(known.id, ids)
    const account = await this.find(known.id)
    return account && { account, added }
  }

  /** For scripts: afterwards the account exists and has at least these roles. Safe to repeat. */
  async ensure({ roles, ...given }: EnsuredAccount): Promise<{ id: string; created: boolean }> {
    const account = validate(newAccount, given, 'account')
    const granted = await this.grant(account.login, roles)
    if (granted) return { id: granted.account.id, created: false }
    const created = await this.store(account, { roles })
    if (created) return { id: created.id, created: true }
    // another process has made it in between
    return this.ensure({ roles, ...given })
  }

  private async store(
    { password, ...profile }: NewAccount,
    { roles, signal }: { roles: readonly string[]; signal?: AbortSignal | undefined },
  ) {
    const passwordHash = await this.hasher.hash(password, signal)
    const row = { ...this.identify({ ...profile, verifiedEmail: null }), passwordHash }
    return this.repository.create(row, roles)
  }

  private identify<P extends { login: string }>(profile: P) {
    const { login } = profile
    return { ...profile, id: randomUUID(), loginKey: loginKey(login), createdAt: this.now() }
  }

  private async requireRoles(names: readonly string[]) {
    const found = await this.repository.existingRoles(names)
    const missing = names.filter((name) => !found.some((it) => it.name === name))
    if (missing.length === 0) return found
    throw new AppError('BAD_USER_INPUT', `There is no role ${missing.join(', ')}.`)
  }
}

export const noSuchAccount = (argument?: string): AppError =>
  new AppError('NOT_FOUND', 'There is no such account.', argument ? { argument: [argument] } : {})

const visibleTo = (viewer: Viewer, account: Account): VisibleAccount =>
  mayReadPrivate(viewer, account.id) ? account : { id: account.id, login: account.login, ...HIDDEN }
