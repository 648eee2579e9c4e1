import type { Counters } from '@cinegraph/engines/counters/counters'
import type { Mailer } from '@cinegraph/engines/mailer/mailer'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { type Clock, systemClock } from '@cinegraph/kit/clock'
import { createSubgraph, type Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { VerifyViewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { AccountRepository } from './accounts/account.repository.js'
import { AccountSetupRepository } from './accounts/account-setup.repository.js'
import { AccountSetupService } from './accounts/account-setup.service.js'
import { AccountService } from './accounts/account.service.js'
import { createPasswordHasher, type PasswordHasherOptions } from './accounts/password-hasher.js'
import { resolveUserReference } from './accounts/user.reference.js'
import { UserResolver } from './accounts/user.resolver.js'
import { createAdministration } from './administration/administration.js'
import type { AttemptLimits } from './authentication/attempt-limits.js'
import { createAuthentication } from './authentication/authentication.js'
import { createContext } from './context.js'
import { createEmail } from './email/email.js'
import { createHousekeeping } from './housekeeping/housekeeping.js'
import { HousekeepingRepository } from './housekeeping/housekeeping.repository.js'
import { createKeys } from './keys/keys.js'
import { createLogIn } from './log-in/log-in.js'
import { createLoginHistory } from './login-history/login-history.js'
import { LoginPartitionRepository } from './login-history/login-partition.repository.js'
import { createRevocations } from './revocations/revocations.js'
import { createOwnAccount } from './own-account/own-account.js'
import type { AccessTokenOptions } from './sessions/access-token.js'
import type { SameSite } from './sessions/session-cookies.js'
import { createSessions } from './sessions/sessions.js'
import { createSocial } from './social/social.js'
import type { SocialSettings } from './social/social-providers.js'

export interface UsersSettings {
  keyEncryptionSecret: string
  accessToken: AccessTokenOptions
  refreshTokenDays: number
  loginHistoryMonths: number
  sessionCookieSameSite: SameSite
  passwordHash: PasswordHasherOptions
  attempts: AttemptLimits
  social: SocialSettings
  /** Where the pages of the web application begin; without it mails hold tokens in place of links. */
  appUrl?: string | undefined
}

export interface UsersDependencies {
  /** Need not be started before the subgraph is. */
  postgres: Postgres
  counters: Counters
  mailer: Mailer
  log: Logger
  metrics: Registry
  verifyViewer: VerifyViewer
  /** For the audience REVOCATIONS_AUDIENCE: tells gateways from others who ask for revocations. */
  verifyFeed: VerifyViewer
  settings: UsersSettings
  now?: Clock
}

/** The accounts alone, for scripts: `ensure` makes an account with given roles. */
export function createAccounts(
  { prisma }: Postgres,
  passwordHash: PasswordHasherOptions,
  now: Clock = systemClock,
): AccountSetupService {
  const hasher = createPasswordHasher(passwordHash)
  const accounts = new AccountService(new AccountRepository(prisma), hasher, now)
  return new AccountSetupService(new AccountSetupRepository(prisma), accounts, hasher)
}

export function createUsersSubgraph(dependencies: UsersDependencies): Promise<Subgraph> {
  const { settings, now = systemClock, ...given } = dependencies
  const { prisma } = given.postgres
  const base = { ...given, prisma, now }
  const { log, metrics } = base

  const keys = createKeys({ ...base, encryptionSecret: settings.keyEncryptionSecret })
  const revocations = createRevocations(base)
  const loginHistory = createLoginHistory({ ...base, months: settings.loginHistoryMonths })
  const { history } = loginHistory
  const hasher = createPasswordHasher(settings.passwordHash, { metrics, log })
  const accounts = new AccountService(new AccountRepository(prisma), hasher, now)
  const sessions = createSessions({ ...base, ...settings, keys: keys.keys, accounts, history })
  const known = { ...base, accounts, hasher, history, sessions: sessions.sessions }
  const administration = createAdministration(known)
  const authentication = createAuthentication({ ...known, limits: settings.attempts })
  const proven = { ...known, ...authentication }
  const email = createEmail({ ...proven, appUrl: settings.appUrl })
  const social = createSocial({ ...proven, notices: email.notices, settings: settings.social })
  const logIn = createLogIn({ ...proven, emails: email.emails, limits: settings.attempts.register })
  const ownAccount = createOwnAccount({
    ...proven,
    administration: administration.administration,
    notices: email.notices,
  })
  const housekeeping = createHousekeeping({
    ...base,
    repository: new HousekeepingRepository(prisma),
    partitions: new LoginPartitionRepository(prisma),
    historyMonths: settings.loginHistoryMonths,
    expiring: {
      ...keys.expiring,
      ...revocations.expiring,
      ...loginHistory.expiring,
      ...sessions.expiring,
      email_tokens: email.expiring,
      ...social.expiring,
    },
  })
  return createSubgraph({
    name: 'users',
    log,
    verifyViewer: given.verifyViewer,
    resolvers: [
      new UserResolver(),
      ...ownAccount.resolvers,
      ...administration.resolvers,
      ...logIn.resolvers,
      ...sessions.resolvers,
      ...loginHistory.resolvers,
      ...social.resolvers,
      ...email.resolvers,
    ],
    references: { User: resolveUserReference },
    context: createContext({
      accounts,
      accountLists: administration.listLoaders,
      loginHistory: loginHistory.loaders,
      deviceSessions: sessions.loader,
      socialAccounts: social.loader,
      cookieSameSite: settings.sessionCookieSameSite,
      now,
    }),
    async publicRoutes(app) {
      await keys.route(app)
      await revocations.route(app)
    },
    services: [...keys.services, ...revocations.services, housekeeping, ...email.services],
  })
}
