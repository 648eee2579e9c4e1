import DataLoader from 'dataloader'
import type {
  AttemptSlice,
  LoginAttemptRecord,
  LoginHistoryRepository,
} from './login-history.repository.js'

/** The login histories that one request asks for, of however many accounts: one statement for pages, one for counts. */
export interface LoginHistoryLoaders {
  readonly slices: DataLoader<AttemptSlice, readonly LoginAttemptRecord[], string>
  readonly counts: DataLoader<string, number>
}

export const createLoginHistoryLoaders = (
  repository: LoginHistoryRepository,
): LoginHistoryLoaders => ({
  slices: new DataLoader((slices) => repository.findSlices(slices), {
    cacheKeyFn: ({ userId, after, limit }) => JSON.stringify([userId, after, limit]),
  }),
  counts: new DataLoader(async (userIds) => {
    const counts = await repository.count(userIds)
    return userIds.map((id) => counts.get(id) ?? 0)
  }),
})
