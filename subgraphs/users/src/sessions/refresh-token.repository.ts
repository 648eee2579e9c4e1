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
  readonly userId: string
  /** That of the account as it was read for the new access token. */
  readonly generation: number
  readonly spent: SecretHash
  readonly successor: NewToken
  readonly device: DeviceRow
  /** How many successors a token may have. */
  readonly maxSuccessors: number
}

export type RotationOutcome =
  'rotated' | 'account_changed' | 'session_ended' | 'too_many_successors'

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
    const { sessionId, userId, generation, spent, successor, device, maxSuccessors } = rotation
    const { hash, createdAt: now, expiresAt } = successor
    // one statement, because hundreds may come at once. The session is locked before its tokens: what happens to a family,
    // happens in turn. The account is locked before: who takes permissions from it sees what was refreshed with them
    const [found] = await this.db.$queryRaw<[Record<'same' | 'alive' | 'rotated', boolean>]>`
      WITH owner AS (
        SELECT id FROM users."user"
        WHERE id = ${userId}::uuid AND token_generation = ${generation} FOR SHARE
      ), family AS (
        UPDATE users.session SET last_used_at = ${now}::timestamptz,
          device_type = ${device.deviceType}::users.device_type, device_name = ${device.deviceName},
          user_agent = ${device.userAgent}, address = ${device.address}::inet
        FROM owner
        WHERE user_id = owner.id AND session.id = ${sessionId}::uuid AND ended_at IS NULL
        RETURNING session.id
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
      SELECT EXISTS (SELECT FROM owner) AS same, EXISTS (SELECT FROM family) AS alive,
        EXISTS (SELECT FROM successor) AS rotated`
    if (found.rotated) return 'rotated'
    if (!found.same) return 'account_changed'
    return found.alive ? 'too_many_successors' : 'session_ended'
  }

  /** Deletes at most `limit`. How many. */
  async deleteExpired(now: Date, limit: number): Promise<number> {
    const where = { expiresAt: { lte: now } }
    const { count } = await this.db.refreshToken.deleteMany({ where, limit })
    return count
  }
}
