import type { RequestContext } from '@cinegraph/kit/graphql/subgraph'
import type { AccountService } from './accounts/account.service.js'
import { createUserLoader, type UserLoader } from './accounts/user.loader.js'

export interface UsersContext extends RequestContext {
  readonly users: UserLoader
}

export const createContext =
  (accounts: AccountService) =>
  (request: RequestContext): UsersContext => ({
    ...request,
    users: createUserLoader(accounts, request.viewer),
  })
