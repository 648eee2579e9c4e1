import { randomUUID } from 'node:crypto'
import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { DeviceRow } from '../devices/device.js'

/** How somebody tried to log in. */
export const LoginMethod = {
  PASSWORD: 'PASSWORD',
  REGISTRATION: 'REGISTRATION',
  YANDEX: 'YANDEX',
  GOOGLE: 'GOOGLE',
  REFRESH: 'REFRESH',
} as const
export type LoginMethod = keyof typeof LoginMethod

/** What came of it. */
export const LoginOutcome = {
  SUCCESS: 'SUCCESS',
  WRONG_PASSWORD: 'WRONG_PASSWORD',
  BLOCKED: 'BLOCKED',
  TOO_MANY_ATTEMPTS: 'TOO_MANY_ATTEMPTS',
  REFRESH_TOKEN_REUSED: 'REFRESH_TOKEN_REUSED',
} as const
export type LoginOutcome = keyof typeof LoginOutcome

export interface LoginAttemptRecord extends DeviceRow {
  readonly id: string
  readonly at: Date
  readonly method: LoginMethod
  readonly outcome: LoginOutcome
  readonly sessionId: string | null
}

export interface AttemptSlice {
  readonly userId: string
  /** Attempts that come after this one in the list; from the newest on when it is not given. */
  readonly after?: { readonly at: Date; readonly id: string } | undefined
  readonly limit: number
}

export class LoginHistoryRepository {
  constructor(
    private readonly db: Pick<PrismaClient, 'loginAttempt' | '$queryRaw' | '$executeRaw'>,
  ) {}

  /** Writes nothing when there is no such account, in one statement all the same. */
  async add(attempt: Omit<LoginAttemptRecord, 'id'> & { userId: string }): Promise<void> {
    const { userId, at, method, outcome, deviceType, deviceName, userAgent, address } = attempt
    await this.db.$executeRaw`
      INSERT INTO users.login_attempt (
        id, at, user_id, method, outcome, device_type, device_name, user_agent, address, session_id)
      SELECT ${randomUUID()}::uuid, ${at}::timestamptz, id, ${method}::users.login_method,
        ${outcome}::users.login_outcome, ${deviceType}::users.device_type, ${deviceName},
        ${userAgent}, ${address}::inet, ${attempt.sessionId}::uuid
      FROM users.user WHERE id = ${userId}::uuid`
  }

  /** The attempts of each slice, newest first. One statement reads all slices, each with its own limit: Prisma has no such query. */
  async findSlices(slices: readonly AttemptSlice[]): Promise<LoginAttemptRecord[][]> {
    const wanted = JSON.stringify(
      slices.map(({ after, ...slice }, index) => ({ at: 'infinity', ...slice, ...after, index })),
    )
    const rows = await this.db.$queryRaw<(LoginAttemptRecord & { index: number })[]>`
      SELECT slice.index, attempt.*
      FROM jsonb_to_recordset(${wanted}::jsonb)
        AS slice(index int, "userId" uuid, at timestamptz, id uuid, "limit" int)
      CROSS JOIN LATERAL (
        SELECT id, at, method::text, outcome::text, device_type::text AS "deviceType",
          device_name AS "deviceName", user_agent AS "userAgent", host(address) AS address,
          session_id AS "sessionId"
        FROM users.login_attempt
        WHERE user_id = slice."userId" AND at <= slice.at
          AND (at < slice.at OR login_attempt.id > slice.id)
        ORDER BY login_attempt.at DESC, login_attempt.id
        LIMIT slice."limit"
      ) AS attempt
      ORDER BY slice.index, attempt.at DESC, attempt.id`
    const bySlice = Map.groupBy(rows, (row) => row.index)
    return slices.map((_, index) => bySlice.get(index) ?? [])
  }

  /** How many attempts each account has; those without any are left out. */
  async count(userIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.db.loginAttempt.groupBy({
      by: ['userId'],
      where: { userId: { in: [...userIds] } },
      _count: true,
    })
    return new Map(rows.map(({ userId, _count: count }) => [userId, count]))
  }

  /** Deletes at most `limit` of the attempts before `date`: those that no partition was made for. How many it were. */
  async deleteBefore(date: Date, limit: number): Promise<number> {
    const { count } = await this.db.loginAttempt.deleteMany({ where: { at: { lt: date } }, limit })
    return count
  }
}
