import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { DeviceRow } from '../devices/device.js'

export interface DeviceSessionRecord extends Omit<DeviceRow, 'userAgent'> {
  readonly id: string
  readonly userId: string
  readonly createdAt: Date
  readonly lastUsedAt: Date
}

export class DeviceSessionRepository {
  constructor(private readonly db: Pick<PrismaClient, 'session'>) {}

  /** The live sessions of these accounts that were used after `usedAfter`, those used last first. An account has dozens at most. */
  async findLive(userIds: readonly string[], usedAfter: Date): Promise<DeviceSessionRecord[]> {
    return this.db.session.findMany({
      where: { userId: { in: [...userIds] }, endedAt: null, lastUsedAt: { gt: usedAfter } },
      orderBy: [{ lastUsedAt: 'desc' }, { id: 'asc' }],
      select: {
        id: true,
        userId: true,
        deviceType: true,
        deviceName: true,
        address: true,
        createdAt: true,
        lastUsedAt: true,
      },
    })
  }
}
