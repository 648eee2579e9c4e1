import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { WRITE_ROLES } from '../permissions.js'
import { AccountAdminRepository } from './account-admin.repository.js'
import { RoleRepository } from './role.repository.js'

/** What may be changed during a turn. */
export interface Administration {
  readonly accounts: AccountAdminRepository
  readonly roles: RoleRepository
  /** Whether anybody who is not blocked may manage roles. */
  readonly hasAdmin: () => Promise<boolean>
}

// a role that a hundred thousand people have takes seconds
const LIMITS = { maxWait: 10_000, timeout: 60_000 }

export class AdministrationRepository {
  constructor(private readonly db: Pick<PrismaClient, '$transaction'>) {}

  /** Runs `change`, all or nothing, one at a time in all processes: what it reads, is as the last one left it. */
  inTurn<T>(change: (administration: Administration) => Promise<T>): Promise<T> {
    return this.db.$transaction(async (tx) => {
      // locked until the transaction ends
      await tx.$queryRaw`SELECT id::text FROM users.role WHERE name = 'admin' FOR NO KEY UPDATE`
      return change({
        accounts: new AccountAdminRepository(tx),
        roles: new RoleRepository(tx),
        hasAdmin: () => hasAdmin(tx),
      })
    }, LIMITS)
  }
}

async function hasAdmin(tx: Pick<Prisma.TransactionClient, '$queryRaw'>): Promise<boolean> {
  const [row] = await tx.$queryRaw<[{ found: boolean }]>`
    SELECT EXISTS (
      SELECT FROM users.role
      JOIN users.user_role ON user_role.role_id = role.id
      JOIN users."user" ON "user".id = user_role.user_id
      WHERE ${WRITE_ROLES} = ANY(permissions) AND blocked_at IS NULL
    ) AS found`
  return row.found
}
