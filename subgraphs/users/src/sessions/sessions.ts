import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Clock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import type { AccountService } from '../accounts/account.service.js'
import type { KeyRing } from '../keys/key-ring.js'
import type { LoginHistoryService } from '../login-history/login-history.service.js'
import { type AccessTokenOptions, createAccessTokens } from './access-token.js'
import { createDeviceSessionLoader, type DeviceSessionLoader } from './device-session.loader.js'
import { DeviceSessionRepository } from './device-session.repository.js'
import { UserSessionsResolver } from './device-session.resolver.js'
import { DeviceSessionService } from './device-session.service.js'
import { EndSessionResolver } from './end-session.resolver.js'
import { RefreshService } from './refresh.service.js'
import { RefreshTokenRepository } from './refresh-token.repository.js'
import { SessionRepository } from './session.repository.js'
import { SessionResolver } from './session.resolver.js'
import { SessionService } from './session.service.js'

export interface SessionsDependencies {
  prisma: Postgres['prisma']
  keys: KeyRing
  accounts: AccountService
  history: LoginHistoryService
  accessToken: AccessTokenOptions
  refreshTokenDays: number
  log: Logger
  metrics: Registry
  now: Clock
}

/** Sessions and their tokens, wired. */
export function createSessions(dependencies: SessionsDependencies) {
  const { prisma, keys, accessToken, now, ...others } = dependencies
  const repository = new SessionRepository(prisma)
  const tokens = new RefreshTokenRepository(prisma)
  const sessions = new SessionService({
    ...others,
    repository,
    tokens,
    issueAccessToken: createAccessTokens({ keys, token: accessToken, now }),
    accessTokenSeconds: accessToken.lifeSeconds,
    now,
  })
  const deviceSessions = new DeviceSessionService({
    ...others,
    repository: new DeviceSessionRepository(prisma),
    now,
  })
  const refreshes = new RefreshService({ ...others, repository, tokens, sessions, now })
  return {
    sessions,
    loader: (): DeviceSessionLoader =>
      createDeviceSessionLoader((userIds) => deviceSessions.findLive(userIds)),
    resolvers: [
      new SessionResolver(refreshes),
      new EndSessionResolver(sessions),
      new UserSessionsResolver(deviceSessions),
    ] as const,
    expiring: { refresh_tokens: tokens, sessions: repository },
  }
}
