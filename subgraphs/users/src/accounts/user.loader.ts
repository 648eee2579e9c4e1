import type { Viewer } from '@cinegraph/kit/identity'
import DataLoader from 'dataloader'
import type { AccountService, VisibleAccount } from './account.service.js'

export type UserLoader = DataLoader<string, VisibleAccount | null>

/** Accounts by id as `viewer` may see them; null when there is none. One per request. */
export const createUserLoader = (accounts: AccountService, viewer: Viewer): UserLoader =>
  new DataLoader(async (ids) => {
    const found = await accounts.findVisible(viewer, ids)
    const byId = new Map(found.map((account) => [account.id, account]))
    return ids.map((id) => byId.get(id) ?? null)
  })
