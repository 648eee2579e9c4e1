import type { OutboxEvent } from '@cinegraph/engines/outbox/outbox.repository'
import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'

// any number that no other advisory lock of this database uses
const TURN_LOCK = 7_265_004
const CONNECT_MS = 5_000
/** What is read at once at most, in bytes of values; a row that is larger comes alone. */
const MOST_BYTES = 8 * 1024 * 1024

export interface OutboxRow extends OutboxEvent {
  /** Of the row; `id` is that of the event. */
  readonly rowId: string
}

export interface Backlog {
  readonly rows: number
  /** Age of the oldest, in seconds; 0 without any. */
  readonly oldestSeconds: number
  /** Rows that the event log has refused. */
  readonly aside: number
}

/** What the worker does while it is its turn. */
export class OutboxTurn {
  constructor(private readonly tx: Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>) {}

  /** The oldest rows in the order in which they were announced, but for those that wait behind one of their key that is aside. */
  async oldest(limit: number): Promise<OutboxRow[]> {
    return this.tx.$queryRaw<OutboxRow[]>`
      SELECT id::text AS "rowId", event_id::text AS id, topic, key, headers, value FROM (
        SELECT *, sum(octet_length(value)) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS bytes FROM (
          SELECT * FROM platform.outbox AS waiting
          WHERE NOT EXISTS (
            SELECT FROM platform.outbox_aside AS aside
            WHERE aside.topic = waiting.topic AND aside.key = waiting.key
          )
          ORDER BY id LIMIT ${limit}
        ) AS page
      ) AS sized
      WHERE bytes <= ${MOST_BYTES} OR bytes = octet_length(value)
      ORDER BY sized.id`
  }

  async remove(rows: readonly OutboxRow[]): Promise<void> {
    const ids = rows.map(({ rowId }) => rowId)
    await this.tx.$executeRaw`
      DELETE FROM platform.outbox WHERE id IN (SELECT unnest(${ids}::text[])::bigint)`
  }

  /** Out of the way; later rows of its key wait. */
  async setAside({ rowId }: OutboxRow, problem: string): Promise<void> {
    await this.tx.$executeRaw`
      WITH moved AS (DELETE FROM platform.outbox WHERE id = ${rowId}::bigint RETURNING *)
      INSERT INTO platform.outbox_aside (id, topic, key, event_id, headers, value, created_at, problem)
      SELECT id, topic, key, event_id, headers, value, created_at, ${problem} FROM moved`
  }

  /** Puts what is aside back in its place. How many rows. */
  async returnAside(): Promise<number> {
    return this.tx.$executeRaw`
      WITH moved AS (DELETE FROM platform.outbox_aside RETURNING *)
      INSERT INTO platform.outbox (id, topic, key, event_id, headers, value, created_at)
      SELECT id, topic, key, event_id, headers, value, created_at FROM moved`
  }
}

export class OutboxRepository {
  constructor(private readonly db: Pick<PrismaClient, '$transaction' | '$queryRaw'>) {}

  /**
   * Runs `work` in a transaction unless another worker has the turn: then undefined. One that is killed gives the turn up with
   * its connection, and one that stands still is cut off by Postgres after `turnMs`.
   */
  inTurn<T>(work: (turn: OutboxTurn) => Promise<T>, turnMs: number): Promise<T | undefined> {
    return this.db.$transaction(
      async (tx) => {
        const [lock] = await tx.$queryRaw<[{ taken: boolean }]>`
          SELECT pg_try_advisory_xact_lock(${TURN_LOCK}) AS taken,
            set_config('idle_in_transaction_session_timeout', ${String(turnMs)}, true)`
        return lock.taken ? work(new OutboxTurn(tx)) : undefined
      },
      { timeout: turnMs, maxWait: CONNECT_MS },
    )
  }

  async backlog(): Promise<Backlog> {
    const [backlog] = await this.db.$queryRaw<[Backlog]>`
      SELECT (SELECT count(*)::int FROM platform.outbox) AS rows,
        coalesce((
          SELECT extract(epoch FROM clock_timestamp() - created_at)::float8 FROM platform.outbox ORDER BY id LIMIT 1
        ), 0) AS "oldestSeconds",
        (SELECT count(*)::int FROM platform.outbox_aside) AS aside`
    return backlog
  }
}
