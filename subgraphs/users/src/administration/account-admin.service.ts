import { AppError } from '@cinegraph/kit/errors'
import { requirePermission, type UserViewer, type Viewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import { parseId } from '@cinegraph/kit/lookup'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import { WRITE_ROLES, WRITE_USERS } from '../permissions.js'
import type { Administration } from './administration.repository.js'
import type { AdministrationService } from './administration.service.js'
import type { Ending } from '../sessions/session.repository.js'
import {
  noSuchAccount,
  type AccountService,
  type VisibleAccount,
} from '../accounts/account.service.js'
import { tooLong, trimmedText } from '../accounts/typed-text.js'

export const MAX_REASON_LENGTH = 500

const reasonText = trimmedText(MAX_REASON_LENGTH).pipe(
  z
    .string()
    .min(1, 'must not be empty')
    .max(MAX_REASON_LENGTH, tooLong(MAX_REASON_LENGTH))
    .regex(/^[\P{Cc}\n]*$/u, 'may not hold control characters'),
)

export interface AccountAdminDependencies {
  accounts: AccountService
  administration: AdministrationService
  /** Of sessions that end now. */
  ending: () => Ending
  log: Logger
}

type Accounts = Administration['accounts']

/** What people with `users:write` do to accounts of others. All throw UNAUTHENTICATED, FORBIDDEN, NOT_FOUND and CONFLICT. */
export class AccountAdminService {
  constructor(private readonly dependencies: AccountAdminDependencies) {}

  /** Ends all its sessions, at once. Throws BAD_USER_INPUT for a bad reason. */
  async block(viewer: Viewer, userId: string, reason: string): Promise<VisibleAccount> {
    requirePermission(viewer, WRITE_USERS)
    const text = validate(reasonText, reason, 'reason')
    const { accounts, ending, log } = this.dependencies
    const { id, by } = await this.change(viewer, userId, (it, id) => it.block(id, text, ending()))
    log.info({ userId: id, by }, 'account blocked')
    return accounts.requireVisible(viewer, id)
  }

  async unblock(viewer: Viewer, userId: string): Promise<VisibleAccount> {
    const { accounts, log } = this.dependencies
    const { id, by, result } = await this.change(viewer, userId, (it, id) => it.unblock(id))
    if (result) log.info({ userId: id, by }, 'account unblocked')
    return accounts.requireVisible(viewer, id)
  }

  /** Returns the id. */
  async delete(viewer: Viewer, userId: string): Promise<string> {
    const { ending, log } = this.dependencies
    const { id, by } = await this.change(viewer, userId, (it, id) => it.delete(id, ending()))
    log.info({ userId: id, by }, 'account deleted')
    return id
  }

  /** The id is as the database writes it. */
  private async change<T>(
    viewer: Viewer,
    userId: string,
    change: (accounts: Accounts, id: string) => Promise<T>,
  ): Promise<{ id: string; by: string; result: T }> {
    const user = requirePermission(viewer, WRITE_USERS)
    const id = parseId(userId)
    if (id === undefined) throw noSuchAccount('id')
    if (id === user.id) throw ownAccount()
    const { administration } = this.dependencies
    const result = await administration.asHolder(viewer, WRITE_USERS, async (it, actor) => {
      if (!(await it.accounts.lock(id))) throw noSuchAccount('id')
      requireRank(actor, await it.accounts.permissionsOf(id))
      return change(it.accounts, id)
    })
    return { id, by: user.id, result }
  }
}

/** Otherwise support staff could shut out each other and the administrators. */
function requireRank(user: UserViewer, permissions: readonly string[]): void {
  const isStaff = permissions.includes(WRITE_USERS) || permissions.includes(WRITE_ROLES)
  if (!isStaff || user.permissions.includes(WRITE_ROLES)) return
  throw new AppError(
    'FORBIDDEN',
    `This account may itself change accounts or roles: this needs the permission ${WRITE_ROLES}.`,
  )
}

const ownAccount = () =>
  new AppError('FORBIDDEN', 'This is your own account. To delete it, use deleteMyAccount.', {
    argument: ['id'],
  })
