import type { Clock } from '@cinegraph/kit/clock'
import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import type { Viewer } from '@cinegraph/kit/identity'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { z } from 'zod'
import { mayReadPrivate } from '../accounts/account-access.js'
import type { DeviceSessionLoader } from './device-session.loader.js'
import type { DeviceSessionRecord, DeviceSessionRepository } from './device-session.repository.js'
import { DAY_MS } from './refresh-token.js'

export interface DeviceSessionServiceDependencies {
  repository: DeviceSessionRepository
  refreshTokenDays: number
  now: Clock
}

/** A session as a viewer sees it. */
export type ViewedSession = DeviceSessionRecord & { readonly current: boolean }

const cursorKey = z.tuple([z.number(), z.string()])

/** Where people are logged in. */
export class DeviceSessionService {
  constructor(private readonly dependencies: DeviceSessionServiceDependencies) {}

  /** Of several accounts; those used last first. A session that nobody used for the life of a refresh token is over. */
  async findLive(userIds: readonly string[]): Promise<DeviceSessionRecord[]> {
    const { repository, refreshTokenDays, now } = this.dependencies
    const usedAfter = new Date(now().getTime() - refreshTokenDays * DAY_MS)
    return repository.findLive(userIds, usedAfter)
  }

  /** Null unless they are the viewer's own or they hold `users:read`. Throws BAD_USER_INPUT for `first` and `after`. */
  async page(
    { viewer, deviceSessions }: { viewer: Viewer; deviceSessions: DeviceSessionLoader },
    userId: string,
    args: { first: number; after?: string | null },
  ): Promise<Page<ViewedSession> | null> {
    if (!mayReadPrivate(viewer, userId)) return null
    const first = pageSize(args.first)
    const isAfter = args.after == null ? () => true : comesAfter(args.after)
    const all = await deviceSessions.load(userId)
    const rest = all.filter(isAfter)
    return {
      edges: rest.slice(0, first).map((session) => ({
        node: { ...session, current: isOf(session, viewer) },
        cursor: cursorOf(session),
      })),
      hasNextPage: rest.length > first,
      hasPreviousPage: rest.length < all.length,
      count: async () => all.length,
    }
  }
}

const isOf = ({ id }: DeviceSessionRecord, viewer: Viewer): boolean =>
  viewer.kind === 'user' && viewer.sessionId === id

const cursorOf = ({ lastUsedAt, id }: DeviceSessionRecord) =>
  encodeCursor([lastUsedAt.getTime(), id])

function comesAfter(cursor: string): (session: DeviceSessionRecord) => boolean {
  const [time, lastId] = decodeCursor(cursorKey, cursor)
  return ({ lastUsedAt, id }) =>
    lastUsedAt.getTime() < time || (lastUsedAt.getTime() === time && id > lastId)
}
