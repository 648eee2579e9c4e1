import type { Postgres } from './open.js'

/** Microseconds since 1970 by the database's own clock: what versions of search documents are made of. */
export async function readClock({ pool }: Pick<Postgres, 'pool'>): Promise<number> {
  const { rows } = await pool.query<{ now: string }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1e6)::bigint AS now',
  )
  return Number(rows[0]!.now)
}
