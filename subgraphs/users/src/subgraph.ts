import type { Counters } from '@cinegraph/engines/counters/counters'
import type { Mailer } from '@cinegraph/engines/mailer/mailer'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { type Clock, systemClock } from '@cinegraph/kit/clock'
import { createSubgraph, type Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { VerifyViewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { AccountAdminResolver } from './accounts/account-admin.resolver.js'
import { AccountAdminService } from './accounts/account-admin.service.js'
import { AccountListRepository } from './accounts/account-list.repository.js'
import { AccountListService } from './accounts/account-list.service.js'
import { AccountRepository } from './accounts/account.repository.js'
import { AccountService } from './accounts/account.service.js'
import { OwnAccountResolver } from './accounts/own-account.resolver.js'
import { OwnAccountService } from './accounts/own-account.service.js'
import { createPasswordHasher, type PasswordHasherOptions } from './accounts/password-hasher.js'
import { resolveUserReference } from './accounts/user.reference.js'
import { UserResolver } from './accounts/user.resolver.js'
import type { AttemptLimits } from './authentication/attempt-limits.js'
import { createAttemptsFactory } from './authentication/attempts.js'
import { AuthenticationRepository } from './authentication/authentication.repository.js'
import { AuthenticationService } from './authentication/authentication.service.js'
import { createAuthenticationMetrics } from './authentication/metrics.js'
import { createContext } from './context.js'
import { createEmail } from './email/email.js'
import { createHousekeeping } from './housekeeping/housekeeping.js'
import { HousekeepingRepository } from './housekeeping/housekeeping.repository.js'
import { jwksRoute } from './keys/jwks.route.js'
import { createKeyEncryption } from './keys/key-encryption.js'
import { createKeyRing } from './keys/key-ring.js'
import { SigningKeyRepository } from './keys/signing-key.repository.js'
import { createLoginHistoryLoaders } from './login-history/login-history.loader.js'
import { LoginHistoryRepository } from './login-history/login-history.repository.js'
import { LoginHistoryResolver } from './login-history/login-history.resolver.js'
import { LoginHistory } from './login-history/login-history.service.js'
import { LoginPartitionRepository } from './login-history/login-partition.repository.js'
import { expiredAttempts } from './login-history/login-partitions.js'
import { createRevocationFeed } from './revocations/revocation-feed.js'
import { RevocationRepository } from './revocations/revocation.repository.js'
import { revocationsRoute } from './revocations/revocations.route.js'
import { createAdministration } from './roles/administration.repository.js'
import { RoleRepository } from './roles/role.repository.js'
import { RoleResolver } from './roles/role.resolver.js'
import { RoleService } from './roles/role.service.js'
import { createAccessTokens, type AccessTokenOptions } from './sessions/access-token.js'
import { DeviceSessionRepository } from './sessions/device-session.repository.js'
import { DeviceSessionResolver, UserSessionsResolver } from './sessions/device-session.resolver.js'
import { DeviceSessions } from './sessions/device-session.service.js'
import { EndSessionResolver } from './sessions/end-session.resolver.js'
import { LogInService } from './sessions/log-in.service.js'
import { RefreshService } from './sessions/refresh.service.js'
import { RefreshTokenRepository } from './sessions/refresh-token.repository.js'
import type { SameSite } from './sessions/session-cookies.js'
import { SessionRepository } from './sessions/session.repository.js'
import { SessionResolver } from './sessions/session.resolver.js'
import { SessionService } from './sessions/session.service.js'
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
  postgres: Postgres,
  passwordHash: PasswordHasherOptions,
  now: Clock = systemClock,
): AccountService {
  const repository = new AccountRepository(postgres.prisma)
  return new AccountService(repository, createPasswordHasher(passwordHash), now)
}

export function createUsersSubgraph(dependencies: UsersDependencies): Promise<Subgraph> {
  const {
    postgres,
    counters,
    mailer,
    log,
    metrics,
    verifyViewer,
    verifyFeed,
    settings,
    now = systemClock,
  } = dependencies
  const { prisma } = postgres
  const signingKeys = new SigningKeyRepository(prisma)
  const keys = createKeyRing({
    postgres,
    repository: signingKeys,
    encryption: createKeyEncryption(settings.keyEncryptionSecret),
    log,
    now,
  })
  const attempts = new LoginHistoryRepository(prisma)
  const history = new LoginHistory({ repository: attempts, log, metrics, now })
  const hasher = createPasswordHasher(settings.passwordHash, metrics)
  const accounts = new AccountService(new AccountRepository(prisma), hasher, now)
  const createAttempts = createAttemptsFactory({ counters, metrics })
  const authentication = new AuthenticationService({
    repository: new AuthenticationRepository(prisma),
    accounts,
    hasher,
    attempts: createAttempts('log-in', settings.attempts.logIn),
    history,
    metrics: createAuthenticationMetrics(metrics),
    log,
    now,
  })
  const { refreshTokenDays } = settings
  const tokens = new RefreshTokenRepository(prisma)
  const sessionRepository = new SessionRepository(prisma)
  const sessions = new SessionService({
    repository: sessionRepository,
    tokens,
    history,
    issueAccessToken: createAccessTokens({ keys, token: settings.accessToken, now }),
    accessTokenSeconds: settings.accessToken.lifeSeconds,
    refreshTokenDays,
    now,
  })
  const refreshes = new RefreshService({
    repository: sessionRepository,
    tokens,
    sessions,
    accounts,
    history,
    refreshTokenDays,
    log,
    now,
  })
  const deviceSessions = new DeviceSessions({
    repository: new DeviceSessionRepository(prisma),
    refreshTokenDays,
    now,
  })
  const revocations = new RevocationRepository(prisma)
  const feed = createRevocationFeed({ postgres, repository: revocations, log, metrics, now })
  const email = createEmail({
    prisma,
    mailer,
    accounts,
    authentication,
    sessions,
    hasher,
    createAttempts,
    appUrl: settings.appUrl,
    log,
    now,
  })
  const logIns = new LogInService({
    accounts,
    authentication,
    sessions,
    emails: email.emails,
    registrations: createAttempts('register', settings.attempts.register),
  })
  const accountList = new AccountListService(
    new AccountListRepository(prisma),
    accounts,
    new RoleRepository(prisma),
  )
  const administer = createAdministration(prisma)
  const ending = () => sessions.ending()
  const ownAccount = new OwnAccountService({
    repository: new AccountRepository(prisma),
    accounts,
    authentication,
    sessions,
    resets: email.resets,
    administer,
  })
  const roles = new RoleService({
    repository: new RoleRepository(prisma),
    accounts,
    accountList,
    administer,
    ending,
  })
  const social = createSocial({
    prisma,
    counters,
    accounts,
    sessions,
    history,
    metrics,
    settings: settings.social,
    now,
  })
  const housekeeping = createHousekeeping({
    repository: new HousekeepingRepository(prisma),
    partitions: new LoginPartitionRepository(prisma),
    historyMonths: settings.loginHistoryMonths,
    expiring: {
      login_attempts: expiredAttempts(attempts, settings.loginHistoryMonths),
      signing_keys: signingKeys,
      refresh_tokens: tokens,
      sessions: sessionRepository,
      revocations,
      email_tokens: email.expiring,
      ...social.expiring,
    },
    log,
    metrics,
    now,
  })
  return createSubgraph({
    name: 'users',
    log,
    verifyViewer,
    resolvers: [
      new UserResolver(),
      new OwnAccountResolver(ownAccount),
      new AccountAdminResolver(
        accountList,
        new AccountAdminService({ accounts, administer, ending }),
      ),
      new RoleResolver(roles),
      new SessionResolver({ logIns, refreshes }),
      new EndSessionResolver(sessions),
      new UserSessionsResolver(deviceSessions),
      new DeviceSessionResolver(),
      new LoginHistoryResolver(history),
      ...social.resolvers,
      ...email.resolvers,
    ],
    references: { User: resolveUserReference },
    context: createContext({
      accounts,
      loginHistory: () => createLoginHistoryLoaders(attempts),
      deviceSessions,
      socialAccounts: social.loader,
      cookieSameSite: settings.sessionCookieSameSite,
      now,
    }),
    async publicRoutes(app) {
      await jwksRoute(keys)(app)
      await revocationsRoute({ feed, verifyFeed })(app)
    },
    services: [keys, feed, housekeeping, ...email.services],
  })
}
