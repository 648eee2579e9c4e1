import type { Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import DataLoader from 'dataloader'
import type { AccountService, VisibleAccount } from './account.service.js'

export type UserLoader = DataLoader<string, VisibleAccount | null>

/** Accounts by id as `viewer` may see them; null when there is none. One per request. */
export const createUserLoader = (accounts: AccountService, viewer: Viewer): UserLoader =>
  new DataLoader(async (given) => {
    const ids = given.map(parseId)
    const known = ids.filter((id) => id !== undefined)
    const found = await accounts.findVisible(viewer, known)
    const byId = new Map(found.map((account) => [account.id, account]))
    return ids.map((id) => (id === undefined ? null : (byId.get(id) ?? null)))
  })
