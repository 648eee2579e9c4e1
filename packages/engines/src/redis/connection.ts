import { Redis as Client } from 'ioredis'
import type { RedisUrl } from './redis-url.js'

/** A connection on which nothing comes for so long although something was asked is given up for a new one. */
const DEAD_MS = 5_000
/** Milliseconds between two attempts to come back, at most. */
export const MAX_RECONNECT_MS = 1_000

/** A connection that is made anew for as long as it is not disconnected. */
export interface Connection {
  readonly client: Client
  /** What was last wrong with it. */
  lastError: Error | undefined
}

export function openConnection({ connection }: RedisUrl, use: string): Connection {
  const client = new Client({
    ...connection,
    connectionName: `cinegraph-${use}`,
    lazyConnect: true,
    protocol: 2,
    // what is asked while there is no connection fails at once, and nothing is sent twice
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // its own attempt would be a rejection that nobody handles
    autoResubscribe: false,
    connectTimeout: DEAD_MS,
    socketTimeout: DEAD_MS,
    keepAlive: 2 * DEAD_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_MS),
    // behind this name is a replica now: look again who the primary is
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  })
  const opened: Connection = { client, lastError: undefined }
  // also keeps the client from printing it
  client.on('error', (error) => (opened.lastError = error))
  return opened
}

/** Throws what is wrong when there is no connection. */
export async function connect(connection: Connection): Promise<void> {
  await connection.client.connect().catch((error: unknown) => {
    // the promise only knows that the connection was closed
    throw connection.lastError ?? error
  })
  // a database that there is not is no reason for the client to stop
  if (connection.lastError) throw connection.lastError
}
