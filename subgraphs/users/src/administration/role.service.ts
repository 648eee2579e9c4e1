import { randomUUID } from 'node:crypto'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { AppError } from '@cinegraph/kit/errors'
import { requirePermission, requireUser, type Viewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import { parseId } from '@cinegraph/kit/lookup'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import type { AccountListService, AccountPageArgs, ListReader } from './account-list.service.js'
import {
  noSuchAccount,
  type AccountService,
  type VisibleAccount,
} from '../accounts/account.service.js'
import { READ_USERS, WRITE_ROLES } from '../permissions.js'
import type { Ending } from '../sessions/session.repository.js'
import type { Administration } from './administration.repository.js'
import type { AdministrationService } from './administration.service.js'
import type { RoleRecord, RoleRepository } from './role.repository.js'
import { MAX_ROLES_PER_ACCOUNT, newRole, roleChange, roleName } from './role.rules.js'

const ADMIN = 'admin'
const cursor = z.tuple([roleName])

export interface RoleServiceDependencies {
  repository: RoleRepository
  accounts: AccountService
  accountList: AccountListService
  administration: AdministrationService
  /** Of access tokens that are refused from now on. */
  ending: () => Ending
  log: Logger
}

/**
 * Roles: read with `users:read` or `roles:write`, changed with `roles:write`. What somebody loses is lost at once, for their
 * access tokens are refused; what they gain comes with their next one. All throw UNAUTHENTICATED and FORBIDDEN.
 */
export class RoleService {
  constructor(private readonly dependencies: RoleServiceDependencies) {}

  /** By name. */
  async list(viewer: Viewer, { first, after }: AccountPageArgs): Promise<Page<RoleRecord>> {
    requireReader(viewer)
    const { repository } = this.dependencies
    const size = pageSize(first)
    const name = after == null ? undefined : decodeCursor(cursor, after)[0]
    const found = await repository.list({ limit: size + 1, after: name })
    return {
      edges: found.slice(0, size).map((node) => ({ node, cursor: encodeCursor([node.name]) })),
      hasNextPage: found.length > size,
      hasPreviousPage: after != null,
      count: () => repository.count(),
    }
  }

  async find(viewer: Viewer, given: string): Promise<RoleRecord | null> {
    requireReader(viewer)
    const id = parseId(given)
    return (id && (await this.dependencies.repository.find(id))) || null
  }

  usersOf(
    reader: ListReader,
    role: RoleRecord,
    args: AccountPageArgs,
  ): Promise<Page<VisibleAccount>> {
    requireReader(reader.viewer)
    return this.dependencies.accountList.listOfRole(reader, role.id, args)
  }

  /** Throws BAD_USER_INPUT, and CONFLICT when there is a role of this name. */
  async create(viewer: Viewer, input: z.input<typeof newRole>): Promise<RoleRecord> {
    const { id: by } = requirePermission(viewer, WRITE_ROLES)
    const { administration, log } = this.dependencies
    const role = validate(newRole, input, 'input')
    const created = await administration.asHolder(viewer, WRITE_ROLES, async ({ roles }) => {
      const stored = await roles.create({ ...role, id: randomUUID() })
      if (!stored) throw nameTaken(role.name)
      return stored
    })
    log.info({ role: created, by }, 'role created')
    return created
  }

  /** Throws BAD_USER_INPUT, NOT_FOUND, and CONFLICT when the name is taken or the role is built in and needed as it is. */
  async update(
    viewer: Viewer,
    given: string,
    input: z.input<typeof roleChange>,
  ): Promise<RoleRecord> {
    const { id: by } = requirePermission(viewer, WRITE_ROLES)
    const { administration, log } = this.dependencies
    const wanted = validate(roleChange, input, 'input')
    const changed = await administration.asHolder(viewer, WRITE_ROLES, async ({ roles }) => {
      const role = await lockRole(roles, given, 'id')
      const change = {
        name: wanted.name ?? role.name,
        description: wanted.description ?? role.description,
        permissions: wanted.permissions ?? role.permissions,
      }
      requireAllowed(role, change)
      const updated = await roles.update(role.id, change)
      if (!updated) throw nameTaken(change.name)
      if (takesAway(role, updated)) await this.renewTokensOf(roles, role.id)
      return updated
    })
    log.info({ role: changed, by }, 'role changed')
    return changed
  }

  /** Throws NOT_FOUND, and CONFLICT for a built-in role. Returns the id. */
  async delete(viewer: Viewer, given: string): Promise<string> {
    const { id: by } = requirePermission(viewer, WRITE_ROLES)
    const { administration, log } = this.dependencies
    const deleted = await administration.asHolder(viewer, WRITE_ROLES, async ({ roles }) => {
      const role = await lockRole(roles, given, 'id')
      if (role.builtIn) {
        throw new AppError('CONFLICT', `The role ${role.name} is built in and cannot be deleted.`)
      }
      await this.renewTokensOf(roles, role.id)
      // after the revocation, which asks who has it; nobody else can wait for these rows: the role is locked
      await roles.delete(role.id)
      return role
    })
    log.info({ role: deleted, by }, 'role deleted')
    return deleted.id
  }

  /** Does nothing to somebody who has it. Throws NOT_FOUND, and CONFLICT when somebody has too many roles. */
  async assign(viewer: Viewer, userId: string, roleId: string): Promise<VisibleAccount> {
    const { accounts, log } = this.dependencies
    const { changed, ...who } = await this.changeRolesOf(viewer, { userId, roleId }, async (it) => {
      if (it.has.includes(it.role.id)) return false
      if (it.has.length >= MAX_ROLES_PER_ACCOUNT) {
        throw new AppError('CONFLICT', `An account has at most ${MAX_ROLES_PER_ACCOUNT} roles.`)
      }
      await it.roles.assign(it.user, it.role.id)
      return true
    })
    if (changed) log.info(who, 'role assigned')
    return accounts.requireVisible(viewer, who.userId)
  }

  /** Does nothing to somebody who does not have it. Throws NOT_FOUND, and CONFLICT for the last administrator. */
  async revoke(viewer: Viewer, userId: string, roleId: string): Promise<VisibleAccount> {
    const { accounts, ending, log } = this.dependencies
    const { changed, ...who } = await this.changeRolesOf(viewer, { userId, roleId }, async (it) => {
      if (!it.has.includes(it.role.id)) return false
      await it.roles.take(it.user, it.role.id)
      await it.accounts.renewTokens(it.user, ending())
      return true
    })
    if (changed) log.info(who, 'role revoked')
    return accounts.requireVisible(viewer, who.userId)
  }

  private async changeRolesOf(
    viewer: Viewer,
    given: { userId: string; roleId: string },
    change: (membership: Membership) => Promise<boolean>,
  ): Promise<{ userId: string; roleId: string; by: string; changed: boolean }> {
    const { id: by } = requirePermission(viewer, WRITE_ROLES)
    const user = parseId(given.userId)
    if (user === undefined) throw noSuchAccount('userId')
    const { administration } = this.dependencies
    return administration.asHolder(viewer, WRITE_ROLES, async ({ accounts, roles }) => {
      const role = await lockRole(roles, given.roleId, 'roleId')
      if (!(await accounts.lock(user))) throw noSuchAccount('userId')
      const has = await roles.idsOf(user)
      const changed = await change({ accounts, roles, user, role, has })
      return { userId: user, roleId: role.id, by, changed }
    })
  }

  private async renewTokensOf(roles: RoleRepository, roleId: string): Promise<void> {
    await roles.endGenerations(roleId)
    await roles.revokeGenerations(roleId, this.dependencies.ending())
  }
}

type Membership = Pick<Administration, 'accounts' | 'roles'> & {
  readonly user: string
  readonly role: RoleRecord
  /** Ids of the roles that the account has. */
  readonly has: readonly string[]
}

type Changeable = Pick<RoleRecord, 'name' | 'permissions'>

/** Who manages roles needs to see whom they give them to, and who reads accounts what their roles mean. */
function requireReader(viewer: Viewer): void {
  const user = requireUser(viewer)
  if (!user.permissions.includes(WRITE_ROLES)) requirePermission(user, READ_USERS)
}

async function lockRole(
  roles: RoleRepository,
  given: string,
  argument: string,
): Promise<RoleRecord> {
  const id = parseId(given)
  const role = id === undefined ? undefined : await roles.lock(id)
  if (role) return role
  throw new AppError('NOT_FOUND', 'There is no such role.', { argument: [argument] })
}

function requireAllowed(role: RoleRecord, { name, permissions }: Changeable): void {
  if (role.builtIn && name !== role.name) {
    throw new AppError('CONFLICT', `The role ${role.name} is built in and keeps its name.`, {
      argument: ['input', 'name'],
    })
  }
  if (role.builtIn && role.name === ADMIN && !permissions.includes(WRITE_ROLES)) {
    throw new AppError('CONFLICT', `The role ${ADMIN} keeps the permission ${WRITE_ROLES}.`, {
      argument: ['input', 'permissions'],
    })
  }
}

/** Tokens hold permissions, and names of roles, which decide who may see some films. */
const takesAway = (before: Changeable, after: Changeable): boolean =>
  before.name !== after.name || before.permissions.some((it) => !after.permissions.includes(it))

const nameTaken = (name: string) =>
  new AppError('CONFLICT', `There is a role ${name} already.`, { argument: ['input', 'name'] })
