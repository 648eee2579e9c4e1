import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { UserViewer } from '@cinegraph/kit/identity'
import { WRITE_ROLES } from '../permissions.js'
import type { OwnerProof } from '../sessions/owner-proof.js'
import { isLive, isStillOwner } from '../sessions/owner-proof.repository.js'
import { AccountAdminRepository } from './account-admin.repository.js'
import { RoleRepository } from './role.repository.js'

/** What may be changed during a turn. */
export interface Administration {
  readonly accounts: AccountAdminRepository
  readonly roles: RoleRepository
  /** Whether anybody who is not blocked may manage roles. */
  readonly hasAdmin: () => Promise<boolean>
  /** What a viewer may do by now; `undefined` when the session has ended. */
  readonly permissionsOf: (viewer: UserViewer) => Promise<readonly string[] | undefined>
  readonly isStillOwner: (proof: OwnerProof) => Promise<boolean>
}

// a role that a hundred thousand people have takes seconds
const LIMITS = { timeout: 60_000 }

export class AdministrationRepository {
  constructor(private readonly db: Pick<PrismaClient, '$transaction'>) {}

  /** Runs `change`, all or nothing, one at a time in all processes: what it reads, is as the last one left it. */
  inTurn<T>(change: (administration: Administration) => Promise<T>): Promise<T> {
    return this.db.$transaction(async (tx) => {
      // locked until the transaction ends
      await tx.$queryRaw`SELECT id::text FROM users.role WHERE name = 'admin' FOR NO KEY UPDATE`
      const accounts = new AccountAdminRepository(tx)
      return change({
        accounts,
        roles: new RoleRepository(tx),
        hasAdmin: () => hasAdmin(tx),
        async permissionsOf({ id: userId, sessionId }) {
          return (await isLive(tx, { userId, sessionId }))
            ? accounts.permissionsOf(userId)
            : undefined
        },
        isStillOwner: (proof) => isStillOwner(tx, proof),
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
