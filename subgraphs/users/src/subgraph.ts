import type { Postgres } from '@cinegraph/engines/postgres/open'
import { type Clock, systemClock } from '@cinegraph/kit/clock'
import { createSubgraph, type Subgraph } from '@cinegraph/kit/graphql/subgraph'
import type { VerifyViewer } from '@cinegraph/kit/identity'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { AccountRepository } from './accounts/account.repository.js'
import { AccountService } from './accounts/account.service.js'
import { createPasswordHasher, type PasswordHasherOptions } from './accounts/password-hasher.js'
import { resolveUserReference } from './accounts/user.reference.js'
import { UserResolver } from './accounts/user.resolver.js'
import { createContext } from './context.js'
import { jwksRoute } from './keys/jwks.route.js'
import { createKeyEncryption } from './keys/key-encryption.js'
import { createKeyRing } from './keys/key-ring.js'
import { SigningKeyRepository } from './keys/signing-key.repository.js'
import { createLoginHistoryLoaders } from './login-history/login-history.loader.js'
import { LoginHistoryRepository } from './login-history/login-history.repository.js'
import { LoginHistoryResolver } from './login-history/login-history.resolver.js'
import { LoginHistory } from './login-history/login-history.service.js'
import { createAccessTokens, type AccessTokenOptions } from './sessions/access-token.js'
import { LogInService } from './sessions/log-in.service.js'
import { RefreshService } from './sessions/refresh.service.js'
import { RefreshTokenRepository } from './sessions/refresh-token.repository.js'
import type { SameSite } from './sessions/session-cookies.js'
import { SessionRepository } from './sessions/session.repository.js'
import { SessionResolver } from './sessions/session.resolver.js'
import { SessionService } from './sessions/session.service.js'

export interface UsersSettings {
  keyEncryptionSecret: string
  accessToken: AccessTokenOptions
  refreshTokenDays: number
  sessionCookieSameSite: SameSite
  passwordHash: PasswordHasherOptions
}

export interface UsersDependencies {
  /** Need not be started before the subgraph is. */
  postgres: Postgres
  log: Logger
  metrics: Registry
  verifyViewer: VerifyViewer
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
  const { postgres, log, metrics, verifyViewer, settings, now = systemClock } = dependencies
  const { prisma } = postgres
  const keys = createKeyRing({
    repository: new SigningKeyRepository(prisma),
    encryption: createKeyEncryption(settings.keyEncryptionSecret),
    log,
    now,
  })
  const attempts = new LoginHistoryRepository(prisma)
  const history = new LoginHistory({ repository: attempts, log, metrics, now })
  const accounts = createAccounts(postgres, settings.passwordHash, now)
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
  const logIns = new LogInService({ accounts, sessions })
  return createSubgraph({
    name: 'users',
    log,
    verifyViewer,
    resolvers: [
      new UserResolver(),
      new SessionResolver({ logIns, refreshes, sessions }),
      new LoginHistoryResolver(history),
    ],
    references: { User: resolveUserReference },
    context: createContext({
      accounts,
      loginHistory: () => createLoginHistoryLoaders(attempts),
      cookieSameSite: settings.sessionCookieSameSite,
      now,
    }),
    publicRoutes: jwksRoute(keys),
    services: [keys],
  })
}
