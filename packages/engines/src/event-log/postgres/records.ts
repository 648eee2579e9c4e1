import type pg from 'pg'
import type { LogRecord } from '../event-log.js'
import { ask } from './statements.js'

// nothing is missed: writers of a partition take turns, so what is visible has no gap before it
const READ = {
  name: 'read records',
  text: `SELECT "offset", id, key, headers, value, appended_at FROM (
      SELECT *, sum(octet_length(value)) OVER (ORDER BY "offset" ROWS UNBOUNDED PRECEDING) AS bytes FROM (
        SELECT * FROM platform.log_record
        WHERE partition_id = $1 AND "offset" >= $2 ORDER BY "offset" LIMIT $3
      ) AS page
    ) AS sized
    WHERE bytes <= $4 OR bytes = octet_length(value)
    ORDER BY "offset"`,
}

interface Row {
  readonly offset: string
  readonly id: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly value: string
  readonly appended_at: Date
}

export interface Page {
  topic: string
  partition: number
  partitionId: number
  /** The first offset wanted. */
  from: number
  maxRecords: number
  /** Of values; a first record that is larger comes alone. */
  maxBytes: number
}

export async function readRecords(pool: pg.Pool, page: Page): Promise<LogRecord[]> {
  const { topic, partition, partitionId, from, maxRecords, maxBytes } = page
  const rows = await ask<Row>(pool, READ, [partitionId, from, maxRecords, maxBytes])
  return rows.map(({ offset, id, key, headers, value, appended_at: appendedAt }) => ({
    ...{ topic, partition, offset: Number(offset) },
    ...{ id, key, headers, value, appendedAt },
  }))
}
