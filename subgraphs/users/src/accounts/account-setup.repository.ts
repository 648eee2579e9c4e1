import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'

export class AccountSetupRepository {
  constructor(private readonly db: Pick<PrismaClient, 'user' | 'role' | 'userRole'>) {}

  async someLoginKeys(limit: number): Promise<string[]> {
    const rows = await this.db.user.findMany({ take: limit, select: { loginKey: true } })
    return rows.map(({ loginKey }) => loginKey)
  }

  /** Those of `names` that exist. */
  async existingRoles(names: readonly string[]): Promise<{ id: string; name: string }[]> {
    return this.db.role.findMany({
      where: { name: { in: [...names] } },
      select: { id: true, name: true },
    })
  }

  /** Null when it has no password. */
  async passwordHashOf(id: string): Promise<string | null> {
    const select = { passwordHash: true }
    return (await this.db.user.findUniqueOrThrow({ where: { id }, select })).passwordHash
  }

  /** Those that it has stay. */
  async addRoles(userId: string, roleIds: readonly string[]): Promise<void> {
    await this.db.userRole.createMany({
      data: roleIds.map((roleId) => ({ userId, roleId })),
      skipDuplicates: true,
    })
  }
}
