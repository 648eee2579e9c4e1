import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Viewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { AccountService } from '../accounts/account.service.js'
import type { SessionService } from '../sessions/session.service.js'
import { AccountAdminResolver } from './account-admin.resolver.js'
import { AccountAdminService } from './account-admin.service.js'
import { type AccountListLoaders, createAccountListLoaders } from './account-list.loader.js'
import { AccountListRepository } from './account-list.repository.js'
import { AccountListService } from './account-list.service.js'
import { AdministrationRepository } from './administration.repository.js'
import { AdministrationService } from './administration.service.js'
import { RoleRepository } from './role.repository.js'
import { RoleResolver } from './role.resolver.js'
import { RoleService } from './role.service.js'

export interface AdministrationDependencies {
  prisma: Postgres['prisma']
  accounts: AccountService
  sessions: SessionService
  log: Logger
}

/** What administrators do with accounts and roles, wired; `administration` is for whatever else could take the last one away. */
export function createAdministration(dependencies: AdministrationDependencies) {
  const { prisma, accounts, sessions, log } = dependencies
  const administration = new AdministrationService(new AdministrationRepository(prisma))
  const repository = new RoleRepository(prisma)
  const lists = new AccountListRepository(prisma)
  const accountList = new AccountListService(accounts, repository)
  const shared = { accounts, administration, ending: () => sessions.ending(), log }
  const roles = new RoleService({ ...shared, repository, accountList })
  return {
    administration,
    listLoaders: (viewer: Viewer): AccountListLoaders =>
      createAccountListLoaders(lists, accounts, viewer),
    resolvers: [
      new AccountAdminResolver(accountList, new AccountAdminService(shared)),
      new RoleResolver(roles),
    ] as const,
  }
}
