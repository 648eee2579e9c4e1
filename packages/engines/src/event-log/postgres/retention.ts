import type { Logger } from '@cinegraph/kit/logger'
import type pg from 'pg'
import type { Topic } from '../event-log.js'
import { ask, NOW } from './statements.js'

// rows that one statement deletes at most
const BATCH = 5_000

// first what is kept moves, then rows go: nobody counts on one that is about to be deleted
const EXPIRE = {
  name: 'expire records',
  text: `UPDATE platform.log_partition
    SET first_offset = platform.log_offset_at(id, ${NOW} - $2::bigint * interval '1 ms')
    WHERE topic = $1
    RETURNING id, first_offset`,
}

const DELETE = {
  name: 'delete records',
  text: `WITH old AS (
      DELETE FROM platform.log_record WHERE partition_id = $1 AND "offset" IN (
        SELECT "offset" FROM platform.log_record
        WHERE partition_id = $1 AND "offset" < $2 ORDER BY "offset" LIMIT $3
      )
      RETURNING 1
    )
    SELECT count(*)::int AS count FROM old`,
}

export interface RetentionOptions {
  pool: pg.Pool
  topics: Iterable<Topic>
  log: Logger
}

/** Deletes records that are older than their topic keeps them. Several may run at once. */
export async function sweep(
  { pool, topics, log }: RetentionOptions,
  stopping: AbortSignal,
): Promise<void> {
  for (const { name: topic, retentionMs } of topics) {
    const partitions = await ask<{ id: number; first_offset: string }>(pool, EXPIRE, [
      topic,
      retentionMs,
    ])
    let deleted = 0
    for (const { id, first_offset: first } of partitions) {
      for (let count = BATCH; count === BATCH && !stopping.aborted; deleted += count) {
        const rows = await ask<{ count: number }>(pool, DELETE, [id, first, BATCH])
        count = rows[0]!.count
      }
    }
    if (deleted > 0) log.info({ topic, records: deleted }, 'old records deleted')
  }
}
