import DataLoader from 'dataloader'
import type { DeviceSessionRecord } from './device-session.repository.js'
import type { DeviceSessions } from './device-session.service.js'

export type DeviceSessionLoader = DataLoader<string, readonly DeviceSessionRecord[]>

/** All live sessions by id of the account: one statement for however many accounts. One per request. */
export const createDeviceSessionLoader = (sessions: DeviceSessions): DeviceSessionLoader =>
  new DataLoader(async (userIds) => {
    const byUser = Map.groupBy(await sessions.findLive(userIds), (it) => it.userId)
    return userIds.map((id) => byUser.get(id) ?? [])
  })
