import type { Mailer } from '@cinegraph/engines/mailer/mailer'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Clock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'
import type { AccountService } from '../accounts/account.service.js'
import type { PasswordHasher } from '../accounts/password-hasher.js'
import type { CreateAttempts } from '../authentication/attempts.js'
import type { AuthenticationService } from '../authentication/authentication.service.js'
import type { SessionService } from '../sessions/session.service.js'
import { AccountMail } from './account-mail.js'
import { AccountNotices } from './account-notices.js'
import { createBackground } from './background.js'
import { EmailTokenRepository } from './email-token.repository.js'
import { EmailTokens } from './email-tokens.js'
import { EmailResolver } from './email.resolver.js'
import { EmailService } from './email.service.js'
import { createMailLimit } from './mail-limits.js'
import { PasswordResetResolver } from './password-reset.resolver.js'
import { PasswordResetService } from './password-reset.service.js'

export interface EmailDependencies {
  prisma: Postgres['prisma']
  mailer: Mailer
  accounts: AccountService
  authentication: AuthenticationService
  sessions: SessionService
  hasher: PasswordHasher
  createAttempts: CreateAttempts
  /** Where the pages of the web application begin. */
  appUrl: string | undefined
  log: Logger
  now: Clock
}

/** Everything about addresses: confirmed, changed, and the way back in for who forgot a password. */
export function createEmail(dependencies: EmailDependencies) {
  const { prisma, mailer, createAttempts, appUrl, log, now, ...others } = dependencies
  const repository = new EmailTokenRepository(prisma)
  const background = createBackground({ name: 'users-mail', log })
  // who wants their account back must not wait behind mail that anybody can ask for
  const resetting = createBackground({ name: 'users-reset-mail', log })
  const mail = new AccountMail({ mailer, appUrl })
  const notices = new AccountNotices({ accounts: others.accounts, mail, background })
  const shared = {
    ...others,
    repository,
    tokens: new EmailTokens({ repository, now }),
    mail,
    notices,
    limit: createMailLimit(createAttempts),
  }
  const emails = new EmailService({ ...shared, background })
  const resets = new PasswordResetService({ ...shared, background: resetting })
  return {
    emails,
    notices,
    /** Expired tokens. */
    expiring: repository,
    resolvers: [new EmailResolver(emails), new PasswordResetResolver(resets)],
    services: [background, resetting],
  }
}
