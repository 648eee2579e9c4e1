import type pg from 'pg'
import type { Member } from './fair-share.js'
import { CHANNEL, groupNews } from './channel.js'
import { ask, NOW, type Statement } from './statements.js'

/** A partition that a consumer reads on, until its lease runs out. */
export interface Lease {
  readonly partitionId: number
  readonly partition: number
  readonly epoch: number
  /** Where to read on. */
  readonly committed: number
  /** The offset of the next record that is appended. */
  readonly head: number
}

export interface Extent {
  readonly oldest: number
  readonly head: number
}

export interface CursorsOptions {
  pool: pg.Pool
  group: string
  /** UUID of the consumer. */
  consumerId: string
  leaseMs: number
}

const JOIN = {
  name: 'join the group',
  text: `INSERT INTO platform.log_cursor (group_name, partition_id, committed)
    SELECT $1, id, CASE $3::text WHEN 'newest' THEN next_offset ELSE first_offset END
    FROM platform.log_partition WHERE topic = ANY ($2) ORDER BY id
    ON CONFLICT DO NOTHING`,
}

// one statement, so that a process which stands still anywhere holds no lock
const KEEP = {
  name: 'keep the leases',
  text: `WITH gone AS (
      DELETE FROM platform.log_consumer WHERE (group_name, id) IN (
        SELECT group_name, id FROM platform.log_consumer
        WHERE group_name = $1 AND id <> $2 AND expires_at <= ${NOW} FOR UPDATE SKIP LOCKED
      )
    ), me AS (
      INSERT INTO platform.log_consumer (group_name, id, topics, expires_at)
      VALUES ($1, $2, $3, ${NOW} + $4::int * interval '1 ms')
      ON CONFLICT (group_name, id) DO UPDATE SET expires_at = excluded.expires_at
    )
    UPDATE platform.log_cursor SET leased_until = ${NOW} + $4::int * interval '1 ms'
    WHERE group_name = $1 AND consumer_id = $2 AND leased_until > ${NOW}
      AND (partition_id, epoch) IN (SELECT * FROM unnest($5::int[], $6::bigint[]))
    RETURNING partition_id, epoch`,
}

const MEMBERS = {
  name: 'count the group',
  text: `SELECT id, topics FROM platform.log_consumer WHERE group_name = $1 AND expires_at > ${NOW}`,
}

const TOPICS = {
  name: 'count its partitions',
  text: `SELECT topic AS name, count(*)::int AS partitions
    FROM platform.log_cursor JOIN platform.log_partition ON id = partition_id
    WHERE group_name = $1 GROUP BY topic`,
}

const TAKE = {
  name: 'take partitions',
  text: `UPDATE platform.log_cursor AS cursor
    SET consumer_id = $2, epoch = epoch + 1, leased_until = ${NOW} + $3::int * interval '1 ms',
      committed = greatest(committed, first_offset)
    FROM (
      SELECT free.partition_id, log_partition.partition, first_offset, next_offset
      FROM platform.log_cursor AS free JOIN platform.log_partition ON id = free.partition_id
      WHERE group_name = $1 AND topic = $4 AND partition_id <> ALL ($6)
        AND (consumer_id IS NULL OR leased_until <= ${NOW})
      ORDER BY partition_id LIMIT $5 FOR UPDATE OF free SKIP LOCKED
    ) AS free
    WHERE cursor.group_name = $1 AND cursor.partition_id = free.partition_id
    RETURNING cursor.partition_id, partition, epoch, committed, next_offset`,
}

const COMMIT = {
  name: 'commit',
  text: `UPDATE platform.log_cursor SET committed = $4
    WHERE group_name = $1 AND partition_id = $2 AND epoch = $3 AND leased_until > ${NOW}
    RETURNING committed`,
}

const RELEASE = {
  name: 'give back partitions',
  text: `UPDATE platform.log_cursor AS cursor
    SET consumer_id = NULL, leased_until = NULL, committed = held.committed
    FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS held (partition_id, epoch, committed)
    WHERE group_name = $1 AND cursor.partition_id = held.partition_id AND cursor.epoch = held.epoch
      AND leased_until > ${NOW}`,
}

const LEAVE = {
  name: 'leave the group',
  text: 'DELETE FROM platform.log_consumer WHERE group_name = $1 AND id = $2',
}

const TELL = { name: 'tell the group', text: 'SELECT pg_notify($1, $2)' }

const EXTENTS = {
  name: 'look for records',
  text: 'SELECT id, first_offset, next_offset FROM platform.log_partition WHERE id = ANY ($1)',
}

/** The statements of one consumer. All throw a DependencyError. */
export class Cursors {
  constructor(private readonly options: CursorsOptions) {}

  private ask<R extends object>(statement: Statement, ...values: unknown[]): Promise<R[]> {
    return ask<R>(this.options.pool, statement, [this.options.group, ...values])
  }

  /** Makes the group's cursors of topics that are new to it. */
  async join(topics: readonly string[], from: 'oldest' | 'newest'): Promise<void> {
    await this.ask(JOIN, topics, from)
  }

  /**
   * Prolongs the consumer's membership, and of its leases those that are `held`: one that it has given up, or never heard that it
   * got, runs out and is free again. Epochs of those that it still has, by the id of the partition.
   */
  async keep(
    topics: readonly string[],
    held: readonly Pick<Lease, 'partitionId' | 'epoch'>[],
  ): Promise<ReadonlyMap<number, number>> {
    const { consumerId, leaseMs } = this.options
    const ids = held.map(({ partitionId }) => partitionId)
    const epochs = held.map(({ epoch }) => epoch)
    const rows = await this.ask<{ partition_id: number; epoch: string }>(
      KEEP,
      ...[consumerId, topics, leaseMs, ids, epochs],
    )
    return new Map(rows.map(({ partition_id: id, epoch }) => [id, Number(epoch)]))
  }

  /** Who is in the group, and how many partitions its topics have. */
  async group(): Promise<{ members: Member[]; topics: { name: string; partitions: number }[] }> {
    const members = await this.ask<Member>(MEMBERS)
    return { members, topics: await this.ask<{ name: string; partitions: number }>(TOPICS) }
  }

  /** Leases at most `limit` free partitions of a topic, and none of `except`. */
  async take(topic: string, limit: number, except: readonly number[]): Promise<Lease[]> {
    const { consumerId, leaseMs } = this.options
    const rows = await this.ask<{
      partition_id: number
      partition: number
      epoch: string
      committed: string
      next_offset: string
    }>(TAKE, consumerId, leaseMs, topic, limit, except)
    return rows.map((row) => ({
      partitionId: row.partition_id,
      partition: row.partition,
      epoch: Number(row.epoch),
      committed: Number(row.committed),
      head: Number(row.next_offset),
    }))
  }

  /** False when the lease has run out. */
  async commit({ partitionId, epoch }: Lease, offset: number): Promise<boolean> {
    return (await this.ask(COMMIT, partitionId, epoch, offset)).length > 0
  }

  /** Commits and gives back; what has run out stays as it is. */
  async release(held: readonly { lease: Lease; position: number }[]): Promise<void> {
    const ids = held.map(({ lease }) => lease.partitionId)
    const epochs = held.map(({ lease }) => lease.epoch)
    const positions = held.map(({ position }) => position)
    await this.ask(RELEASE, ids, epochs, positions)
  }

  async leave(): Promise<void> {
    await this.ask(LEAVE, this.options.consumerId)
  }

  /** Lets the group share anew at once. */
  async tell(): Promise<void> {
    const { pool, group } = this.options
    await ask(pool, TELL, [CHANNEL, groupNews(group)])
  }

  /** By the id of the partition: the oldest offset that is kept, and the next. */
  async extents(partitionIds: readonly number[]): Promise<ReadonlyMap<number, Extent>> {
    const rows = await ask<{ id: number; first_offset: string; next_offset: string }>(
      this.options.pool,
      EXTENTS,
      [partitionIds],
    )
    return new Map(
      rows.map(({ id, first_offset: oldest, next_offset: head }) => [
        id,
        { oldest: Number(oldest), head: Number(head) },
      ]),
    )
  }
}
