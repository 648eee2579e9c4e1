import DataLoader from 'dataloader'
import type { DeviceSessionRecord } from './device-session.repository.js'

export type DeviceSessionLoader = DataLoader<string, readonly DeviceSessionRecord[]>

/** All live sessions by id of the account: `findLive` is asked once for however many accounts. One per request. */
export const createDeviceSessionLoader = (
  findLive: (userIds: readonly string[]) => Promise<DeviceSessionRecord[]>,
): DeviceSessionLoader =>
  new DataLoader(async (userIds) => {
    const byUser = Map.groupBy(await findLive(userIds), (it) => it.userId)
    return userIds.map((id) => byUser.get(id) ?? [])
  })
