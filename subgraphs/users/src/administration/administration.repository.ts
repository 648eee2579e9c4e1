import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { AppError, DependencyError } from '@cinegraph/kit/errors'
import { AccountAdminRepository } from './account-admin.repository.js'
import { createLimiter } from '@cinegraph/kit/limiter'
import { WRITE_ROLES } from '../permissions.js'
import { RoleRepository } from './role.repository.js'

export interface Administration {
  readonly accounts: AccountAdminRepository
  readonly roles: RoleRepository
}

/**
 * Runs changes of who may do what, all or nothing, one at a time in all processes. Throws CONFLICT for one after which no
 * administrator would be left: nobody who is not blocked and may manage roles.
 */
export type Administer = <T>(change: (administration: Administration) => Promise<T>) => Promise<T>

// a role that a hundred thousand people have takes seconds
const LIMITS = { maxWait: 10_000, timeout: 60_000 }
const MAX_WAITING = 200

export function createAdministration(db: Pick<PrismaClient, '$transaction'>): Administer {
  // who waits for the lock waits here, and not with one of the process's connections
  const inTurn = createLimiter({
    atOnce: 1,
    queue: MAX_WAITING,
    refuse: () => new DependencyError('administration', 'too many changes wait for their turn'),
    abandon: () => new DependencyError('administration', 'nobody waits for the answer any more'),
  })
  return (change) =>
    inTurn(() =>
      db.$transaction(async (tx) => {
        await takeTurn(tx)
        const administered = await hasAdmin(tx)
        const result = await change({
          accounts: new AccountAdminRepository(tx),
          roles: new RoleRepository(tx),
        })
        if (administered && !(await hasAdmin(tx))) throw lastAdmin()
        return result
      }, LIMITS),
    )
}

type Transaction = Pick<Prisma.TransactionClient, '$queryRaw'>

/** The row is locked until the transaction ends; what is read afterwards, is as the last one left it. */
const takeTurn = (tx: Transaction) =>
  tx.$queryRaw`SELECT id::text FROM users.role WHERE name = 'admin' FOR NO KEY UPDATE`

async function hasAdmin(tx: Transaction): Promise<boolean> {
  const [row] = await tx.$queryRaw<[{ found: boolean }]>`
    SELECT EXISTS (
      SELECT FROM users.role
      JOIN users.user_role ON user_role.role_id = role.id
      JOIN users."user" ON "user".id = user_role.user_id
      WHERE ${WRITE_ROLES} = ANY(permissions) AND blocked_at IS NULL
    ) AS found`
  return row.found
}

const lastAdmin = () =>
  new AppError(
    'CONFLICT',
    'Nobody could manage roles any more. Give somebody else the role admin first.',
  )
