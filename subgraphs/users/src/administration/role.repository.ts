import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isUniqueViolation } from '@cinegraph/engines/postgres/prisma-errors'
import type { Ending } from '../sessions/session.repository.js'

export interface RoleRecord {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly permissions: readonly string[]
  readonly builtIn: boolean
}

export type NewRoleRow = Pick<RoleRecord, 'id' | 'name' | 'description' | 'permissions'>

/** What is undefined stays as it is. */
export interface RoleChange {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly permissions?: readonly string[] | undefined
}

const SELECTED = {
  id: true,
  name: true,
  description: true,
  permissions: true,
  builtIn: true,
} as const

const unlessTaken = async (work: Promise<RoleRecord>): Promise<RoleRecord | undefined> => {
  try {
    return await work
  } catch (error) {
    if (isUniqueViolation(error)) return undefined
    throw error
  }
}

type Models = Pick<PrismaClient, 'role' | 'userRole' | '$queryRaw' | '$executeRaw'>

export class RoleRepository {
  constructor(private readonly db: Models) {}

  /** By name. */
  list({ limit, after }: { limit: number; after?: string | undefined }): Promise<RoleRecord[]> {
    return this.db.role.findMany({
      ...(after !== undefined && { where: { name: { gt: after } } }),
      orderBy: { name: 'asc' },
      take: limit,
      select: SELECTED,
    })
  }

  count(): Promise<number> {
    return this.db.role.count()
  }

  async find(id: string): Promise<RoleRecord | undefined> {
    return (await this.db.role.findUnique({ where: { id }, select: SELECTED })) ?? undefined
  }

  async findByName(name: string): Promise<RoleRecord | undefined> {
    return (await this.db.role.findUnique({ where: { name }, select: SELECTED })) ?? undefined
  }

  /** As `find`, and until the transaction ends nobody is given this role. */
  async lock(id: string): Promise<RoleRecord | undefined> {
    await this.db.$queryRaw`SELECT id::text FROM users.role WHERE id = ${id}::uuid FOR UPDATE`
    return this.find(id)
  }

  /** `undefined` when the name is taken. */
  create({ permissions, ...row }: NewRoleRow): Promise<RoleRecord | undefined> {
    const data = { ...row, permissions: [...permissions] }
    return unlessTaken(this.db.role.create({ data, select: SELECTED }))
  }

  /** `undefined` when the name is taken. */
  update(id: string, change: RoleChange): Promise<RoleRecord | undefined> {
    const { name, description, permissions } = change
    const data = {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(permissions && { permissions: [...permissions] }),
    }
    return unlessTaken(this.db.role.update({ where: { id }, data, select: SELECTED }))
  }

  /** Whoever has it loses it. */
  async delete(id: string): Promise<void> {
    await this.db.role.delete({ where: { id }, select: { id: true } })
  }

  async idsOf(userId: string): Promise<string[]> {
    const rows = await this.db.userRole.findMany({ where: { userId }, select: { roleId: true } })
    return rows.map(({ roleId }) => roleId)
  }

  async assign(userId: string, roleId: string): Promise<void> {
    await this.db.userRole.create({ data: { userId, roleId }, select: { roleId: true } })
  }

  async take(userId: string, roleId: string): Promise<void> {
    await this.db.userRole.deleteMany({ where: { userId, roleId } })
  }

  /** The next generation of tokens begins for everyone who has the role: who is logging in meanwhile begins again. */
  async endGenerations(roleId: string): Promise<void> {
    // a role that a million people have takes longer than statements of a request are given
    await this.db.$executeRaw`SET LOCAL statement_timeout = '60s'`
    await this.db.$executeRaw`
      UPDATE users."user" SET token_generation = token_generation + 1
      WHERE id IN (SELECT user_id FROM users.user_role WHERE role_id = ${roleId}::uuid)`
  }

  /**
   * Access tokens of earlier generations are refused, of everyone who has the role and a session that was opened or refreshed
   * so lately that its access token is valid. To be called last in its transaction, as all that writes revocations, and after
   * `endGenerations`, for which sessions that are being opened or refreshed wait.
   */
  async revokeGenerations(roleId: string, { at, expiresAt }: Ending): Promise<void> {
    // tokens live from `at` to `expiresAt` at most
    const oldest = new Date(2 * at.getTime() - expiresAt.getTime())
    await this.db.$executeRaw`
      INSERT INTO users.revocation (user_id, generation, expires_at)
      SELECT "user".id, token_generation, ${expiresAt}::timestamptz
      FROM users."user" JOIN users.user_role ON user_role.user_id = "user".id
      WHERE role_id = ${roleId}::uuid AND EXISTS (
        SELECT FROM users.session
        WHERE session.user_id = "user".id AND ended_at IS NULL AND last_used_at > ${oldest}::timestamptz
      )`
  }
}
