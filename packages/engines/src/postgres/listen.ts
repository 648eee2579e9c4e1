import { aborted, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import { createPeriodic } from '@cinegraph/kit/periodic'
import pg from 'pg'
import type { Postgres } from './open.js'

const RECONNECT_MS = 1_000

export interface ListenerOptions {
  postgres: Pick<Postgres, 'pool'>
  channel: string
  /** Called with each notification, and without after each connect: something may have come while nobody listened. */
  onNews: (payload?: string) => void
  log: Logger
}

/**
 * LISTENs on a connection of its own beside the pool, and connects again when it breaks. A pooler between us and Postgres
 * may swallow notifications: who needs every one polls as well.
 */
export function createListener({ postgres, channel, onNews, log }: ListenerOptions): Service {
  const { connectionString, connectionTimeoutMillis } = postgres.pool.options
  const listen = async (stopping: AbortSignal) => {
    const client = new pg.Client({
      connectionString,
      connectionTimeoutMillis,
      keepAlive: true,
      application_name: 'cinegraph-listener',
    })
    const broken = new Promise<never>((_, reject) => client.on('error', reject))
    const stopped = aborted(stopping)
    client.on('notification', ({ payload }) => onNews(payload))
    const listening = connect(client, channel).then(() => onNews())
    try {
      await Promise.race([listening.then(() => stopped), broken, stopped])
    } finally {
      // one that is broken may never answer
      void client.end().catch(() => {})
    }
  }
  const name = `listener of ${channel}`
  return createPeriodic({ name, everyMs: RECONNECT_MS, firstAfterMs: 0, work: listen, log })
}

async function connect(client: pg.Client, channel: string): Promise<void> {
  await client.connect()
  await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
}
