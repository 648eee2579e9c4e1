import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'

/** The first day of a month, e.g. `2026-11-01`. Months are those of UTC. */
export type Month = string

// when the job did not run for months there is a lot to move
const MOVE_MS = 600_000

/** The partitions of the login history, one a month. */
export class LoginPartitionRepository {
  constructor(
    private readonly db: Pick<PrismaClient, '$queryRaw' | '$executeRaw' | '$transaction'>,
  ) {}

  /** Makes the partition of a month and moves there what the default partition has of it, at once. False when it is there. */
  async add(month: Month): Promise<boolean> {
    const [{ added }] = await this.db.$transaction(
      async (tx) => {
        await tx.$executeRaw`SET LOCAL statement_timeout = '10min'`
        return tx.$queryRaw<[{ added: boolean }]>`
          SELECT users.add_login_attempt_partition(${month}::date) AS added`
      },
      { timeout: MOVE_MS },
    )
    return added
  }

  /** Drops the partitions of earlier months. How many there were. */
  async dropBefore(month: Month): Promise<number> {
    const [{ dropped }] = await this.db.$queryRaw<[{ dropped: number }]>`
      SELECT users.drop_login_attempt_partitions(${month}::date) AS dropped`
    return dropped
  }

  /** Months from `from` on and before `before` of which the default partition has something. */
  async strayMonths(from: Month, before: Month): Promise<Month[]> {
    const rows = await this.db.$queryRaw<{ month: Month }[]>`
      SELECT DISTINCT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-01') AS month
      FROM users.login_attempt_default
      WHERE at >= ${from}::timestamp AT TIME ZONE 'UTC' AND at < ${before}::timestamp AT TIME ZONE 'UTC'`
    return rows.map(({ month }) => month)
  }

  /** How many there are, without the default one. */
  async count(): Promise<number> {
    const [{ count }] = await this.db.$queryRaw<[{ count: number }]>`
      SELECT count(*)::int AS count FROM pg_inherits
      WHERE inhparent = 'users.login_attempt'::regclass
        AND inhrelid <> 'users.login_attempt_default'::regclass`
    return count
  }
}
