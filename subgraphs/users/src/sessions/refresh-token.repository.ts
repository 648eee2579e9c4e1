import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { DeviceRow } from '../devices/device.js'
import type { SecretHash } from '../secret.js'

export interface RefreshTokenRow {
  readonly sessionId: string
  readonly userId: string
  readonly expiresAt: Date
  readonly rotatedAt: Date | null
  readonly sessionEndedAt: Date | null
}

export interface NewToken {
  readonly hash: SecretHash
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface Rotation {
  readonly sessionId: string
  readonly spent: SecretHash
  readonly successor: NewToken
  readonly device: DeviceRow
  /** How many successors a token may have. */
  readonly maxSuccessors: number
}

export type RotationOutcome = 'rotated' | 'session_ended' | 'too_many_successors'

export class RefreshTokenRepository {
  constructor(private readonly db: Pick<PrismaClient, 'refreshToken' | '$queryRaw'>) {}

  async find(hash: SecretHash): Promise<RefreshTokenRow | undefined> {
    const row = await this.db.refreshToken.findUnique({
      where: { hash },
      select: {
        sessionId: true,
        expiresAt: true,
        rotatedAt: true,
        session: { select: { userId: true, endedAt: true } },
      },
    })
    if (!row) return undefined
    const { session, ...token } = row
    return { ...token, userId: session.userId, sessionEndedAt: session.endedAt }
  }

  /** Spends a token, unless it is spent already, and adds a successor to its session, all or nothing. */
  async rotate(rotation: Rotation): Promise<RotationOutcome> {
    const { sessionId, spent, successor, device, maxSuccessors } = rotation
    const { hash, createdAt: now, expiresAt } = successor
    // one statement, because hundreds may come at once; the session is locked first: what happens to a family, happens in turn
    const [{ alive, rotated }] = await this.db.$queryRaw<[{ alive: boolean; rotated: boolean }]>`
      WITH family AS (
        UPDATE users.session SET last_used_at = ${now}::timestamptz,
          device_type = ${device.deviceType}::users.device_type, device_name = ${device.deviceName},
          user_agent = ${device.userAgent}, address = ${device.address}::inet
        WHERE id = ${sessionId}::uuid AND ended_at IS NULL RETURNING id
      ), spent AS (
        UPDATE users.refresh_token token
        SET rotated_at = coalesce(rotated_at, ${now}::timestamptz), successors = successors + 1
        FROM family
        WHERE token.session_id = family.id AND hash = ${spent} AND successors < ${maxSuccessors}
        RETURNING session_id
      ), successor AS (
        INSERT INTO users.refresh_token (hash, session_id, created_at, expires_at)
        SELECT ${hash}, session_id, ${now}::timestamptz, ${expiresAt}::timestamptz FROM spent
        RETURNING session_id
      )
      SELECT EXISTS (SELECT FROM family) AS alive, EXISTS (SELECT FROM successor) AS rotated`
    if (rotated) return 'rotated'
    return alive ? 'too_many_successors' : 'session_ended'
  }

  /** Deletes at most `limit`. How many. */
  async deleteExpired(now: Date, limit: number): Promise<number> {
    const where = { expiresAt: { lte: now } }
    const { count } = await this.db.refreshToken.deleteMany({ where, limit })
    return count
  }
}
