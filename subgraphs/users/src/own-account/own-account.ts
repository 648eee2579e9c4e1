import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { AccountService } from '../accounts/account.service.js'
import type { PasswordHasher } from '../accounts/password-hasher.js'
import type { Administer } from '../administration/administer.service.js'
import type { AuthenticationService } from '../authentication/authentication.service.js'
import type { PasswordResetService } from '../email/password-reset.service.js'
import type { SessionService } from '../sessions/session.service.js'
import { OwnAccountRepository } from './own-account.repository.js'
import { OwnAccountResolver } from './own-account.resolver.js'
import { OwnAccountService } from './own-account.service.js'

export interface OwnAccountDependencies {
  prisma: Postgres['prisma']
  accounts: AccountService
  authentication: AuthenticationService
  hasher: PasswordHasher
  sessions: SessionService
  resets: PasswordResetService
  administer: Administer
}

/** What people do with their own accounts, wired. */
export function createOwnAccount({ prisma, ...others }: OwnAccountDependencies) {
  const repository = new OwnAccountRepository(prisma)
  return { resolvers: [new OwnAccountResolver(new OwnAccountService({ ...others, repository }))] }
}
