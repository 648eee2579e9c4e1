import type { Postgres } from '@cinegraph/engines/postgres/open'
import { until } from '@cinegraph/testkit/until'

/** What changes of an account wait for. */
export const ofAccount = (id: string) => ({
  text: 'SELECT FROM users."user" WHERE id = $1 FOR UPDATE',
  values: [id],
})

/** What changes of who may do what wait for. */
export const OF_ADMINISTRATION = {
  text: `SELECT FROM users.role WHERE name = 'admin' FOR UPDATE`,
  values: [],
}

/**
 * Sends two requests while somebody holds the lock, the second once the first waits for it: they then go on in this order,
 * with what they had read before. What came of them.
 */
export async function behindALock<A, B>(
  { pool }: Postgres,
  lock: { text: string; values: string[] },
  [first, second]: readonly [() => Promise<A>, () => Promise<B>],
): Promise<[A, B]> {
  const holder = await pool.connect()
  try {
    await holder.query('BEGIN')
    await holder.query(lock)
    const one = first()
    await until(async () => (await waiting(pool)) === 1)
    const other = second()
    await until(async () => (await waiting(pool)) === 2)
    await holder.query('COMMIT')
    return await Promise.all([one, other])
  } finally {
    holder.release()
  }
}

async function waiting(pool: Postgres['pool']): Promise<number> {
  const { rows } = await pool.query(
    `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  )
  return rows.length
}
