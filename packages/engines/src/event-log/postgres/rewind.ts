import type pg from 'pg'
import type { Rewind, RewindOutcome } from '../event-log.js'
import { CHANNEL, groupNews } from './channel.js'
import { ask, NOW } from './statements.js'

// with the new epoch whoever reads now is fenced, also a consumer that joined at this moment
const rewindTo = (kind: string, target: string) => ({
  name: `rewind to ${kind}`,
  text: `WITH done AS (
      INSERT INTO platform.log_cursor AS cursor (group_name, partition_id, committed)
      SELECT $1, id, ${target} FROM platform.log_partition
      WHERE topic = $2 AND ($3::int IS NULL OR partition = $3) AND ($4::boolean OR NOT EXISTS (
        SELECT FROM platform.log_consumer WHERE group_name = $1 AND expires_at > ${NOW}
      ))
      ORDER BY id
      ON CONFLICT (group_name, partition_id) DO UPDATE
      SET committed = excluded.committed, consumer_id = NULL, leased_until = NULL, epoch = cursor.epoch + 1
      RETURNING 1
    )
    SELECT count(*)::int AS count, pg_notify($5, $6) FROM done`,
})

const TO_TIME = rewindTo('time', 'platform.log_offset_at(id, $7::timestamptz)')
const TO_OFFSET = rewindTo('offset', 'least(next_offset, greatest(first_offset, $7::bigint))')
// the ends of every partition are in the range of offsets
const ENDS = { oldest: 0, newest: Number.MAX_SAFE_INTEGER }

export async function rewind(pool: pg.Pool, options: Rewind): Promise<RewindOutcome> {
  const { group, topic, force = false } = options
  const { statement, partition, target } = destinationOf(options.to)
  const [row] = await ask<{ count: number }>(pool, statement, [
    ...[group, topic, partition, force],
    ...[CHANNEL, groupNews(group), target],
  ])
  return row!.count > 0 ? 'done' : 'live'
}

function destinationOf(to: Rewind['to']) {
  if (to instanceof Date) return { statement: TO_TIME, partition: null, target: to }
  if (typeof to === 'string') return { statement: TO_OFFSET, partition: null, target: ENDS[to] }
  return { statement: TO_OFFSET, partition: to.partition, target: to.offset }
}
