import type { Viewer } from '@cinegraph/kit/identity'
import DataLoader from 'dataloader'
import type { AccountService, VisibleAccount } from '../accounts/account.service.js'
import type {
  AccountFilter,
  AccountListRepository,
  AccountPageQuery,
  AccountPosition,
} from './account-list.repository.js'

/** A place in a list, and the account there unless it was deleted a moment ago. */
export interface ListedAccount {
  readonly position: AccountPosition
  readonly account: VisibleAccount | undefined
}

/** The lists of accounts that one request asks for, of however many roles: two statements for pages, one for counts. */
export interface AccountListLoaders {
  readonly pages: DataLoader<AccountPageQuery, readonly ListedAccount[]>
  readonly counts: DataLoader<AccountFilter, number>
}

// a request that changes roles reads anew who has them
const options = { cache: false }

/** Accounts as `viewer` may see them. */
export const createAccountListLoaders = (
  repository: AccountListRepository,
  accounts: AccountService,
  viewer: Viewer,
): AccountListLoaders => ({
  pages: new DataLoader(async (queries) => {
    const pages = await repository.findPages(queries)
    const ids = new Set(pages.flatMap((page) => page.map(({ id }) => id)))
    const found = await accounts.findVisible(viewer, [...ids])
    const byId = new Map(found.map((account) => [account.id, account]))
    return pages.map((page) =>
      page.map((position) => ({ position, account: byId.get(position.id) })),
    )
  }, options),
  counts: new DataLoader((filters) => repository.count(filters), options),
})
