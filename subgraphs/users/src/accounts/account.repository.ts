import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'

export interface Account {
  readonly id: string
  readonly login: string
  /** As given; only `verifiedEmail` proves anything. */
  readonly email: string | null
  /** The address without case, once its owner confirmed it. Unique. */
  readonly verifiedEmail: string | null
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
  hasPassword: passwordHash !== null,
  roles: inOrder(roles.map((it) => it.role.name)),
  permissions: inOrder(roles.flatMap((it) => it.role.permissions)),
})

const UNIQUE_VIOLATION = 'P2002'
const isTaken = (error: unknown) =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === UNIQUE_VIOLATION

export class AccountRepository {
  constructor(private readonly db: Pick<PrismaClient, 'user' | 'role' | 'userRole'>) {}

  /** In no particular order; absent ids are left out. The ids must be UUIDs. */
  async findByIds(ids: readonly string[]): Promise<Account[]> {
    const rows = await this.db.user.findMany({ where: { id: { in: [...ids] } }, select: SELECTED })
    return rows.map(accountOf)
  }

  async any(): Promise<boolean> {
    return (await this.db.user.findFirst({ select: { id: true } })) !== null
  }

  /** One statement whether it exists or not, so that the time does not tell. */
  async findCredentials(
    loginKey: string,
  ): Promise<{ id: string; passwordHash: string | null } | undefined> {
    const select = { id: true, passwordHash: true }
    return (await this.db.user.findUnique({ where: { loginKey }, select })) ?? undefined
  }

  /** `undefined` when the login is taken. */
  async create(row: NewAccountRow, roles: readonly string[]): Promise<Account | undefined> {
    const connected = roles.map((name) => ({ role: { connect: { name } } }))
    try {
      return accountOf(
        await this.db.user.create({
          data: { ...row, roles: { create: connected } },
          select: SELECTED,
        }),
      )
    } catch (error) {
      if (isTaken(error)) return undefined
      throw error
    }
  }

  /** Does nothing when the password was changed since `from` was read. */
  async replacePasswordHash(id: string, from: string, to: string): Promise<void> {
    await this.db.user.updateMany({
      where: { id, passwordHash: from },
      data: { passwordHash: to },
    })
  }

  /** Those of `names` that exist. */
  async existingRoles(names: readonly string[]): Promise<{ id: string; name: string }[]> {
    return this.db.role.findMany({
      where: { name: { in: [...names] } },
      select: { id: true, name: true },
    })
  }

  async addRoles(userId: string, roleIds: readonly string[]): Promise<void> {
    await this.db.userRole.createMany({
      data: roleIds.map((roleId) => ({ userId, roleId })),
      skipDuplicates: true,
    })
  }
}
