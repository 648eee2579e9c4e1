import { randomInt, randomUUID } from 'node:crypto'
import type { Clock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import { requireUser, type Viewer } from '@cinegraph/kit/identity'
import { validate } from '@cinegraph/kit/validate'
import type { z } from 'zod'
import { mayReadPrivate } from './account-access.js'
import type { Account, AccountRepository, NewSocialAccount } from './account.repository.js'
import { emailKey, loginKey, newAccount, type NewAccount } from './account.rules.js'
import type { HashedFor, PasswordHasher } from './password-hasher.js'
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

/** What an account is made with. */
export interface Making extends HashedFor {
  readonly roles?: readonly string[] | undefined
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
  async create(input: z.input<typeof newAccount>, making: Making = {}): Promise<CreateOutcome> {
    const account = validate(newAccount, input, 'input')
    const weakness = await weaknessOf(account)
    if (weakness) return { kind: 'weak-password', weakness }
    const created = await this.add(account, making)
    return created
      ? { kind: 'created', account: created }
      : { kind: 'login-taken', login: account.login }
  }

  /** As `create`, whatever the password. `undefined` when the login is taken. */
  async add(
    { password, ...profile }: NewAccount,
    { roles = [DEFAULT_ROLE], ...who }: Making,
  ): Promise<Account | undefined> {
    const passwordHash = await this.hasher.hash(password, who)
    const row = { ...this.identify({ ...profile, verifiedEmail: null }), passwordHash }
    return this.repository.create(row, roles)
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
    if (created || !(await this.idOf(login))) return created
    return this.createSocial({ email, firstName, lastName }, socialAccount)
  }

  /** Whose login it is, in whatever case. */
  idOf(login: string): Promise<string | undefined> {
    return this.repository.idOf(loginKey(login))
  }

  async find(id: string): Promise<Account | undefined> {
    const [account] = await this.repository.findByIds([id])
    return account
  }

  /** The account whose owner confirmed this address. */
  findByVerifiedEmail(email: string): Promise<Account | undefined> {
    return this.repository.findByVerifiedEmail(emailKey(email))
  }

  /** The viewer's own account. Throws UNAUTHENTICATED, also when it is gone: then logging in again is all that helps. */
  async requireOwn(viewer: Viewer): Promise<Account> {
    const account = await this.find(requireUser(viewer).id)
    if (account) return account
    throw ownAccountGone()
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

  private identify<P extends { login: string }>(profile: P) {
    const { login } = profile
    return { ...profile, id: randomUUID(), loginKey: loginKey(login), createdAt: this.now() }
  }
}

export const noSuchAccount = (argument?: string): AppError =>
  new AppError('NOT_FOUND', 'There is no such account.', argument ? { argument: [argument] } : {})

/** For a viewer whose account was deleted meanwhile. */
export const ownAccountGone = (): AppError =>
  new AppError('UNAUTHENTICATED', 'This account is no longer there.')

const visibleTo = (viewer: Viewer, account: Account): VisibleAccount =>
  mayReadPrivate(viewer, account.id) ? account : { id: account.id, login: account.login, ...HIDDEN }
