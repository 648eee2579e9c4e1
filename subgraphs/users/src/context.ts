import type { Clock } from '@cinegraph/kit/clock'
import type { RequestContext } from '@cinegraph/kit/graphql/subgraph'
import type { AccountService } from './accounts/account.service.js'
import { createUserLoader, type UserLoader } from './accounts/user.loader.js'
import type { LoginHistoryLoaders } from './login-history/login-history.loader.js'
import {
  createDeviceSessionLoader,
  type DeviceSessionLoader,
} from './sessions/device-session.loader.js'
import type { DeviceSessions } from './sessions/device-session.service.js'
import {
  createSessionCookies,
  type SameSite,
  type SessionCookies,
} from './sessions/session-cookies.js'

export interface UsersContext extends RequestContext {
  readonly users: UserLoader
  readonly loginHistory: LoginHistoryLoaders
  readonly deviceSessions: DeviceSessionLoader
  readonly sessionCookies: SessionCookies
}

export interface ContextDependencies {
  accounts: AccountService
  loginHistory: () => LoginHistoryLoaders
  deviceSessions: DeviceSessions
  cookieSameSite: SameSite
  now: Clock
}

export const createContext =
  ({ accounts, loginHistory, deviceSessions, cookieSameSite, now }: ContextDependencies) =>
  (request: RequestContext): UsersContext => ({
    ...request,
    users: createUserLoader(accounts, request.viewer),
    loginHistory: loginHistory(),
    deviceSessions: createDeviceSessionLoader(deviceSessions),
    sessionCookies: createSessionCookies(request.cookies, { sameSite: cookieSameSite, now }),
  })
