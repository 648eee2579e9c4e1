import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { endOthers, type Ending } from '../sessions/session.repository.js'
import { emailKey } from './account.rules.js'

export interface Account {
  readonly id: string
  readonly login: string
  /** As given; only `verifiedEmail` proves anything. */
  readonly email: string | null
  /** The address without case, once its owner confirmed it. Unique. */
  readonly verifiedEmail: string | null
  /** Whether `email` is the address that was confirmed. */
  readonly emailVerified: boolean
  readonly firstName: string | null
  readonly lastName: string | null
  /** False for who logs in through social accounts only. */
  readonly hasPassword: boolean
  /** Access tokens of an earlier generation are refused. */
  readonly tokenGeneration: number
  /** Null unless it is blocked. */
  readonly blockedAt: Date | null
  readonly blockedReason: string | null
  readonly createdAt: Date
  /** Names, in alphabetical order. */
  readonly roles: readonly string[]
  /** What its roles permit together, in alphabetical order. */
  readonly permissions: readonly string[]
}

export type NewAccountRow = Pick<
  Account,
  'id' | 'login' | 'email' | 'verifiedEmail' | 'firstName' | 'lastName' | 'createdAt'
> & {
  readonly loginKey: string
  readonly passwordHash: string | null
  /** What the person signed in with, when it was not a password. */
  readonly socialAccount?: NewSocialAccount
}

export interface NewSocialAccount {
  readonly provider: 'YANDEX' | 'GOOGLE'
  /** The person's id at the provider. */
  readonly subject: string
  readonly email: string | null
  readonly displayName: string | null
}

/** What is undefined stays as it is. */
export interface ProfileChange {
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
}

const SELECTED = {
  id: true,
  login: true,
  email: true,
  verifiedEmail: true,
  firstName: true,
  lastName: true,
  passwordHash: true,
  tokenGeneration: true,
  blockedAt: true,
  blockedReason: true,
  createdAt: true,
  roles: { select: { role: { select: { name: true, permissions: true } } } },
} satisfies Prisma.UserSelect

type Row = Prisma.UserGetPayload<{ select: typeof SELECTED }>

const inOrder = (values: readonly string[]) => [...new Set(values)].sort()

const accountOf = ({ roles, passwordHash, ...row }: Row): Account => ({
  ...row,
  emailVerified: row.email !== null && emailKey(row.email) === row.verifiedEmail,
  hasPassword: passwordHash !== null,
  roles: inOrder(roles.map((it) => it.role.name)),
  permissions: inOrder(roles.flatMap((it) => it.role.permissions)),
})

const UNIQUE_VIOLATION = 'P2002'
const NOT_FOUND = 'P2025'
const codeOf = (error: unknown) =>
  error instanceof Prisma.PrismaClientKnownRequestError ? error.code : undefined

type Models = Pick<
  PrismaClient,
  'user' | 'role' | 'userRole' | 'emailToken' | '$queryRaw' | '$transaction'
>

export class AccountRepository {
  constructor(private readonly db: Models) {}

  /** In no particular order; absent ids are left out. The ids must be UUIDs. */
  async findByIds(ids: readonly string[]): Promise<Account[]> {
    const rows = await this.db.user.findMany({ where: { id: { in: [...ids] } }, select: SELECTED })
    return rows.map(accountOf)
  }

  async someLoginKeys(limit: number): Promise<string[]> {
    const rows = await this.db.user.findMany({ take: limit, select: { loginKey: true } })
    return rows.map(({ loginKey }) => loginKey)
  }

  /** One statement whether it exists or not, so that the time does not tell. */
  async findCredentials(
    loginKey: string,
  ): Promise<{ id: string; passwordHash: string | null } | undefined> {
    const select = { id: true, passwordHash: true }
    return (await this.db.user.findUnique({ where: { loginKey }, select })) ?? undefined
  }

  async findByVerifiedEmail(verifiedEmail: string): Promise<Account | undefined> {
    const row = await this.db.user.findUnique({ where: { verifiedEmail }, select: SELECTED })
    return row ? accountOf(row) : undefined
  }

  /** `undefined` when the login, the verified address or the social account is somebody's. */
  async create(
    { socialAccount, ...row }: NewAccountRow,
    roles: readonly string[],
  ): Promise<Account | undefined> {
    const data = {
      ...row,
      roles: { create: roles.map((name) => ({ role: { connect: { name } } })) },
      ...(socialAccount && {
        socialAccounts: { create: { ...socialAccount, linkedAt: row.createdAt } },
      }),
    }
    try {
      return accountOf(await this.db.user.create({ data, select: SELECTED }))
    } catch (error) {
      if (codeOf(error) === UNIQUE_VIOLATION) return undefined
      throw error
    }
  }

  /** `undefined` when there is no such account. */
  async updateProfile(id: string, change: ProfileChange): Promise<Account | undefined> {
    const { firstName, lastName } = change
    const data = {
      ...(firstName !== undefined && { firstName }),
      ...(lastName !== undefined && { lastName }),
    }
    try {
      return accountOf(await this.db.user.update({ where: { id }, data, select: SELECTED }))
    } catch (error) {
      if (codeOf(error) === NOT_FOUND) return undefined
      throw error
    }
  }

  async changeLogin(
    id: string,
    names: { login: string; loginKey: string },
  ): Promise<Account | 'taken' | 'gone'> {
    try {
      return accountOf(await this.db.user.update({ where: { id }, data: names, select: SELECTED }))
    } catch (error) {
      if (codeOf(error) === UNIQUE_VIOLATION) return 'taken'
      if (codeOf(error) === NOT_FOUND) return 'gone'
      throw error
    }
  }

  /**
   * Sets the password, ends the sessions but for `sessionId`, and takes back links in mails, all or nothing. Who is logging in
   * with the old one meanwhile has to begin again.
   */
  async changePassword(
    { id, sessionId }: { id: string; sessionId: string },
    passwordHash: string,
    ending: Ending,
  ): Promise<void> {
    await this.db.$transaction([
      this.db.user.updateMany({
        where: { id },
        data: { passwordHash, tokenGeneration: { increment: 1 } },
      }),
      this.db.emailToken.deleteMany({ where: { userId: id } }),
      endOthers(this.db, { userId: id, id: sessionId }, ending),
    ])
  }

  /** Those of `names` that exist. */
  async existingRoles(names: readonly string[]): Promise<{ id: string; name: string }[]> {
    return this.db.role.findMany({
      where: { name: { in: [...names] } },
      select: { id: true, name: true },
    })
  }

  /** How many it did not have. */
  async addRoles(userId: string, roleIds: readonly string[]): Promise<number> {
    const { count } = await this.db.userRole.createMany({
      data: roleIds.map((roleId) => ({ userId, roleId })),
      skipDuplicates: true,
    })
    return count
  }
}
