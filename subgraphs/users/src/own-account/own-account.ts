import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { AccountService } from '../accounts/account.service.js'
import type { PasswordHasher } from '../accounts/password-hasher.js'
import type { AdministrationService } from '../administration/administration.service.js'
import type { CreateAttempts } from '../authentication/attempts.js'
import type { AuthenticationService } from '../authentication/authentication.service.js'
import type { AccountNotices } from '../email/account-notices.js'
import type { SessionService } from '../sessions/session.service.js'
import { OwnAccountRepository } from './own-account.repository.js'
import { OwnAccountResolver } from './own-account.resolver.js'
import { OwnAccountService } from './own-account.service.js'

const MINUTE_MS = 60_000

/** Nobody needs more, and each sends a mail and costs two hashes. */
const PASSWORD_CHANGES = { free: 5, firstDelayMs: 15 * MINUTE_MS, maxDelayMs: 60 * MINUTE_MS }

export interface OwnAccountDependencies {
  prisma: Postgres['prisma']
  accounts: AccountService
  authentication: AuthenticationService
  hasher: PasswordHasher
  sessions: SessionService
  notices: AccountNotices
  administration: AdministrationService
  createAttempts: CreateAttempts
}

/** What people do with their own accounts, wired. */
export function createOwnAccount({ prisma, createAttempts, ...others }: OwnAccountDependencies) {
  const repository = new OwnAccountRepository(prisma)
  const passwordChanges = createAttempts('password-change', { account: PASSWORD_CHANGES })
  const service = new OwnAccountService({ ...others, repository, passwordChanges })
  return { resolvers: [new OwnAccountResolver(service)] }
}
