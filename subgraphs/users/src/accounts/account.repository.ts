import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isUniqueViolation } from '@cinegraph/engines/postgres/prisma-errors'
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

/** What `accountOf` makes an Account of. */
export const ACCOUNT = {
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

type Row = Prisma.UserGetPayload<{ select: typeof ACCOUNT }>

const inOrder = (values: readonly string[]) => [...new Set(values)].sort()

export const accountOf = ({ roles, passwordHash, ...row }: Row): Account => ({
  ...row,
  emailVerified: row.email !== null && emailKey(row.email) === row.verifiedEmail,
  hasPassword: passwordHash !== null,
  roles: inOrder(roles.map((it) => it.role.name)),
  permissions: inOrder(roles.flatMap((it) => it.role.permissions)),
})

export class AccountRepository {
  constructor(private readonly db: Pick<PrismaClient, 'user'>) {}

  /** In no particular order; absent ids are left out. The ids must be UUIDs. */
  async findByIds(ids: readonly string[]): Promise<Account[]> {
    const rows = await this.db.user.findMany({ where: { id: { in: [...ids] } }, select: ACCOUNT })
    return rows.map(accountOf)
  }

  /** Whose login it is. */
  async idOf(loginKey: string): Promise<string | undefined> {
    return (await this.db.user.findUnique({ where: { loginKey }, select: { id: true } }))?.id
  }

  async findByVerifiedEmail(verifiedEmail: string): Promise<Account | undefined> {
    const row = await this.db.user.findUnique({ where: { verifiedEmail }, select: ACCOUNT })
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
      return accountOf(await this.db.user.create({ data, select: ACCOUNT }))
    } catch (error) {
      if (isUniqueViolation(error)) return undefined
      throw error
    }
  }
}
