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
 * Sends `works` one after the other while somebody holds the lock, each once the one before it waits for it: they then go on
 * in this order, with what they had read before. What came of them.
 */
export async function behindALock<T extends readonly (() => Promise<unknown>)[]>(
  { pool }: Postgres,
  lock: { text: string; values: string[] },
  works: T,
): Promise<{ -readonly [N in keyof T]: Awaited<ReturnType<T[N]>> }> {
  const holder = await pool.connect()
  try {
    await holder.query('BEGIN')
    await holder.query(lock)
    const sent: Promise<unknown>[] = []
    for (const work of works) {
      sent.push(work())
      await until(async () => (await waiting(pool)) === sent.length)
    }
    await holder.query('COMMIT')
    return (await Promise.all(sent)) as { -readonly [N in keyof T]: Awaited<ReturnType<T[N]>> }
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
