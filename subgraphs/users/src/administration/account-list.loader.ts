import type { Viewer } from '@cinegraph/kit/identity'
import DataLoader from 'dataloader'
import type { AccountFilter, AccountPageQuery } from './account-list.repository.js'
import type { AccountListService, ListedAccount } from './account-list.service.js'

/** The lists of accounts that one request asks for, of however many roles: two statements for pages, one for counts. */
export interface AccountListLoaders {
  readonly pages: DataLoader<AccountPageQuery, readonly ListedAccount[]>
  readonly counts: DataLoader<AccountFilter, number>
}

// a request that changes roles reads anew who has them
const options = { cache: false }

/** Accounts as `viewer` may see them. */
export const createAccountListLoaders = (
  lists: AccountListService,
  viewer: Viewer,
): AccountListLoaders => ({
  pages: new DataLoader((queries) => lists.findPages(viewer, queries), options),
  counts: new DataLoader((filters) => lists.count(filters), options),
})
