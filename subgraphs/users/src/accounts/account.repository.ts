import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'

export interface Account {
  readonly id: string
  readonly login: string
  readonly email: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly createdAt: Date
  /** Names, in alphabetical order. */
  readonly roles: readonly string[]
  /** What its roles permit together, in alphabetical order. */
  readonly permissions: readonly string[]
}

export type NewAccountRow = Omit<Account, 'roles' | 'permissions'> & {
  readonly loginKey: string
  readonly passwordHash: string
}

const SELECTED = {
  id: true,
  login: true,
  email: true,
  firstName: true,
  lastName: true,
  createdAt: true,
  roles: { select: { role: { select: { name: true, permissions: true } } } },
} satisfies Prisma.UserSelect

type Row = Prisma.UserGetPayload<{ select: typeof SELECTED }>

const inOrder = (values: readonly string[]) => [...new Set(values)].sort()

const accountOf = ({ roles, ...row }: Row): Account => ({
  ...row,
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
  ): Promise<{ id: string; passwordHash: string } | undefined> {
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
