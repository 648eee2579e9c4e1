import type pg from 'pg'

/** The database's own time in microseconds since 1970: one clock for all who give versions to what they read from it. */
export async function readClock(pool: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rows } = await pool.query<{ now: string }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now',
  )
  return Number(rows[0]!.now)
}
