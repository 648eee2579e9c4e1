import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { revokeUser } from '../revocations/revocation.repository.js'
import type { DeviceRow } from '../devices/device.js'
import type { NewToken } from './refresh-token.repository.js'

/** How long a session that is over can still be looked into. */
const KEPT_MS = 30 * 86_400_000

export interface NewSession extends DeviceRow {
  readonly id: string
  readonly userId: string
  /** That of the account as it was when its owner proved to be so. */
  readonly generation: number
}

/** When sessions end, and until when their access tokens have to be refused. */
export interface Ending {
  readonly at: Date
  readonly expiresAt: Date
}

type Models = Pick<PrismaClient, 'user' | 'session' | '$queryRaw' | '$transaction'>

/**
 * Ends every session of an account and has its access tokens refused: last in an interactive transaction. How many ended;
 * undefined when there is no such account.
 */
export async function endAllSessions(
  tx: Pick<PrismaClient, 'session' | '$queryRaw'>,
  userId: string,
  { at, expiresAt }: Ending,
): Promise<number | undefined> {
  // in this order: a session that is being opened waits for its account or is seen by the next statement
  const owner = await tx.$queryRaw<unknown[]>`
    SELECT id::text FROM users."user" WHERE id = ${userId}::uuid FOR NO KEY UPDATE`
  if (owner.length === 0) return undefined
  const where = { userId, endedAt: null }
  const { count } = await tx.session.updateMany({ where, data: { endedAt: at } })
  await revokeUser(tx, { userId, expiresAt })
  return count
}

/** Ends the sessions of an account but for `id`, and has their access tokens refused: last in a `$transaction` that has locked the account. */
export const endOthers = (
  db: Pick<PrismaClient, '$queryRaw'>,
  { userId, id }: { userId: string; id: string },
  ending: Ending,
): Prisma.PrismaPromise<{ id: string }[]> =>
  endThose(db, Prisma.sql`user_id = ${userId}::uuid AND id <> ${id}::uuid`, ending)

const endThose = (
  db: Pick<PrismaClient, '$queryRaw'>,
  which: Prisma.Sql,
  { at, expiresAt }: Ending,
): Prisma.PrismaPromise<{ id: string }[]> =>
  // what the outer query reads runs first: sessions are locked before the turn to revoke is taken
  db.$queryRaw`
    WITH ended AS (
      UPDATE users.session SET ended_at = ${at}::timestamptz
      WHERE ended_at IS NULL AND ${which} RETURNING id
    ), revoked AS (
      INSERT INTO users.revocation (session_id, expires_at)
      SELECT id, ${expiresAt}::timestamptz FROM ended
    )
    SELECT id::text FROM ended`

export class SessionRepository {
  constructor(private readonly db: Models) {}

  /** False when meanwhile the account was blocked, deleted or logged out everywhere: then nothing was opened. */
  async open(session: NewSession, token: NewToken): Promise<boolean> {
    const { id, userId, generation, deviceType, deviceName, userAgent, address } = session
    const { hash, createdAt, expiresAt } = token
    const opened = await this.db.$queryRaw<unknown[]>`
      WITH owner AS (
        SELECT id FROM users."user"
        WHERE id = ${userId}::uuid AND token_generation = ${generation} AND blocked_at IS NULL
        FOR NO KEY UPDATE
      ), opened AS (
        INSERT INTO users.session
          (id, user_id, device_type, device_name, user_agent, address, created_at, last_used_at)
        SELECT ${id}::uuid, id, ${deviceType}::users.device_type, ${deviceName}, ${userAgent},
          ${address}::inet, ${createdAt}::timestamptz, ${createdAt}::timestamptz FROM owner
        RETURNING id
      )
      INSERT INTO users.refresh_token (hash, session_id, created_at, expires_at)
      SELECT ${hash}, id, ${createdAt}::timestamptz, ${expiresAt}::timestamptz FROM opened
      RETURNING session_id::text`
    return opened.length === 1
  }

  /** The live sessions but for the `keep` that were used last. Whoever asks at the same time gets no other ones. */
  async surplus(userId: string, keep: number): Promise<string[]> {
    const rows = await this.db.session.findMany({
      where: { userId, endedAt: null },
      orderBy: [{ lastUsedAt: 'desc' }, { id: 'asc' }],
      skip: keep,
      select: { id: true },
    })
    return rows.map((row) => row.id)
  }

  /** Those of `ids` that are live sessions of the account end. How many did. */
  async end(userId: string, ids: readonly string[], ending: Ending): Promise<number> {
    const those = Prisma.sql`user_id = ${userId}::uuid AND id = ANY(${ids}::uuid[])`
    return (await endThose(this.db, those, ending)).length
  }

  /** All but `id` end. How many did. */
  async endOthers(userId: string, id: string, ending: Ending): Promise<number> {
    const [, ended] = await this.db.$transaction([
      // a log-in that is under way has to begin again: it may have been made with what is no longer right
      this.db.user.updateMany({
        where: { id: userId },
        data: { tokenGeneration: { increment: 1 } },
      }),
      endOthers(this.db, { userId, id }, ending),
    ])
    return ended.length
  }

  /** All end. How many did; undefined when there is no such account. */
  endAll(userId: string, ending: Ending): Promise<number | undefined> {
    return this.db.$transaction((tx) => endAllSessions(tx, userId, ending))
  }

  /** Deletes at most `limit` sessions that ended, or whose refresh tokens all expired, and that nobody used for 30 days. How many. */
  async deleteExpired(now: Date, limit: number): Promise<number> {
    const longAgo = new Date(now.getTime() - KEPT_MS)
    const over = [{ endedAt: { lte: longAgo } }, { tokens: { none: { expiresAt: { gt: now } } } }]
    const { count } = await this.db.session.deleteMany({
      // said apart, because there is an index: most sessions were used lately
      where: { lastUsedAt: { lte: longAgo }, OR: over },
      limit,
    })
    return count
  }
}
