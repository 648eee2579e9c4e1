import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Logger } from '@cinegraph/kit/logger'
import type { AuthenticationService } from '../authentication/authentication.service.js'
import type { PasswordResetService } from '../email/password-reset.service.js'
import { createAdministration } from './administration.repository.js'
import { RoleRepository } from './role.repository.js'
import { RoleResolver } from './role.resolver.js'
import { RoleService } from './role.service.js'
import type { SessionService } from '../sessions/session.service.js'
import { AccountAdminResolver } from './account-admin.resolver.js'
import { AccountAdminService } from './account-admin.service.js'
import { AccountListRepository } from './account-list.repository.js'
import { AccountListService } from './account-list.service.js'
import { AccountRepository } from '../accounts/account.repository.js'
import type { AccountService } from '../accounts/account.service.js'
import { OwnAccountResolver } from '../own-account/own-account.resolver.js'
import { OwnAccountService } from '../own-account/own-account.service.js'
import type { PasswordHasher } from '../accounts/password-hasher.js'
import { UserResolver } from '../accounts/user.resolver.js'

export interface AccountOperationsDependencies {
  prisma: Postgres['prisma']
  log: Logger
  accounts: AccountService
  authentication: AuthenticationService
  hasher: PasswordHasher
  sessions: SessionService
  resets: PasswordResetService
}

/** What people do to their own accounts, and administrators to all and to roles, wired. */
export function createAccountOperations({
  prisma,
  ...dependencies
}: AccountOperationsDependencies) {
  const { accounts, sessions, log } = dependencies
  const administer = createAdministration(prisma)
  const ending = () => sessions.ending()
  const own = new OwnAccountService({
    ...dependencies,
    repository: new AccountRepository(prisma),
    administer,
  })
  const repository = new RoleRepository(prisma)
  const accountList = new AccountListService(
    new AccountListRepository(prisma),
    accounts,
    repository,
  )
  const admin = new AccountAdminService({ accounts, administer, ending, log })
  const roles = new RoleService({ repository, accounts, accountList, administer, ending, log })
  return {
    resolvers: [
      new UserResolver(),
      new OwnAccountResolver(own),
      new AccountAdminResolver(accountList, admin),
      new RoleResolver(roles),
    ] as const,
  }
}
