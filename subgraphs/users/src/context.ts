import type { Clock } from '@cinegraph/kit/clock'
import type { RequestContext } from '@cinegraph/kit/graphql/subgraph'
import type { Viewer } from '@cinegraph/kit/identity'
import type { AccountService } from './accounts/account.service.js'
import { createUserLoader, type UserLoader } from './accounts/user.loader.js'
import type { LoginHistoryLoaders } from './login-history/login-history.loader.js'
import type { DeviceSessionLoader } from './sessions/device-session.loader.js'
import {
  createSessionCookies,
  type SameSite,
  type SessionCookies,
} from './sessions/session-cookies.js'
import type { SocialAccountLoader } from './social/social-account.loader.js'

export interface UsersContext extends RequestContext {
  readonly users: UserLoader
  readonly loginHistory: LoginHistoryLoaders
  readonly deviceSessions: DeviceSessionLoader
  readonly socialAccounts: SocialAccountLoader
  readonly sessionCookies: SessionCookies
}

export interface ContextDependencies {
  accounts: AccountService
  loginHistory: () => LoginHistoryLoaders
  deviceSessions: () => DeviceSessionLoader
  socialAccounts: (viewer: Viewer) => SocialAccountLoader
  cookieSameSite: SameSite
  now: Clock
}

export const createContext =
  ({ cookieSameSite, now, ...dependencies }: ContextDependencies) =>
  (request: RequestContext): UsersContext => ({
    ...request,
    users: createUserLoader(dependencies.accounts, request.viewer),
    loginHistory: dependencies.loginHistory(),
    deviceSessions: dependencies.deviceSessions(),
    socialAccounts: dependencies.socialAccounts(request.viewer),
    sessionCookies: createSessionCookies(request.cookies, { sameSite: cookieSameSite, now }),
  })
