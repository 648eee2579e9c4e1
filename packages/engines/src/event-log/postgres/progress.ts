import type pg from 'pg'
import type { Progress } from '../event-log.js'
import { ask } from './statements.js'

const PROGRESS = {
  name: 'read the progress',
  text: `SELECT topic, partition, committed, next_offset, next_offset - greatest(committed, first_offset) AS lag
    FROM platform.log_cursor JOIN platform.log_partition ON id = partition_id
    WHERE group_name = $1 ORDER BY topic, partition`,
}

interface Row {
  readonly topic: string
  readonly partition: number
  readonly committed: string
  readonly next_offset: string
  readonly lag: string
}

export async function readProgress(pool: pg.Pool, group: string): Promise<Progress[]> {
  const rows = await ask<Row>(pool, PROGRESS, [group])
  return rows.map(({ topic, partition, committed, next_offset: end, lag }) => ({
    ...{ topic, partition },
    ...{ committed: Number(committed), end: Number(end), lag: Number(lag) },
  }))
}
