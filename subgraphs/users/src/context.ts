import type { Clock } from '@cinegraph/kit/clock'
import type { RequestContext } from '@cinegraph/kit/graphql/subgraph'
import type { Viewer } from '@cinegraph/kit/identity'
import type { AccountService } from './accounts/account.service.js'
import { createUserLoader, type UserLoader } from './accounts/user.loader.js'
import type { AccountListLoaders } from './administration/account-list.loader.js'
import type { LoginHistoryLoaders } from './login-history/login-history.loader.js'
import type { DeviceSessionLoader } from './sessions/device-session.loader.js'
import {
  createSessionCookies,
  type SameSite,
  type SessionCookies,
} from './sessions/session-cookies.js'
import type { SocialAccountLoader } from './social/social-account.loader.js'

/** Somebody, and what this request reads for them. */
export interface Reader {
  readonly viewer: Viewer
  readonly users: UserLoader
  readonly accountLists: AccountListLoaders
  readonly loginHistory: LoginHistoryLoaders
  readonly deviceSessions: DeviceSessionLoader
  readonly socialAccounts: SocialAccountLoader
}

export interface UsersContext extends RequestContext, Reader {
  /** For somebody else than who asks, such as who has just logged in: nothing that was read before is reused. */
  readonly readAs: (viewer: Viewer) => Reader
  readonly sessionCookies: SessionCookies
}

export interface ContextDependencies {
  accounts: AccountService
  accountLists: (viewer: Viewer) => AccountListLoaders
  loginHistory: () => LoginHistoryLoaders
  deviceSessions: () => DeviceSessionLoader
  socialAccounts: (viewer: Viewer) => SocialAccountLoader
  cookieSameSite: SameSite
  now: Clock
}

export function createContext({ cookieSameSite, now, ...dependencies }: ContextDependencies) {
  const readAs = (viewer: Viewer): Reader => ({
    viewer,
    users: createUserLoader(dependencies.accounts, viewer),
    accountLists: dependencies.accountLists(viewer),
    loginHistory: dependencies.loginHistory(),
    deviceSessions: dependencies.deviceSessions(),
    socialAccounts: dependencies.socialAccounts(viewer),
  })
  return (request: RequestContext): UsersContext => ({
    ...request,
    ...readAs(request.viewer),
    readAs,
    sessionCookies: createSessionCookies(request.cookies, { sameSite: cookieSameSite, now }),
  })
}
