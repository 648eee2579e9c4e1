import type { ServerKind, ServerName } from '../server-kind.js'
import { elasticsearch } from './elasticsearch.js'
import { kafka } from './kafka.js'
import { postgres } from './postgres.js'
import { redis } from './redis.js'
import { toxiproxy } from './toxiproxy.js'

/** Every kind of server, by name. A new one is a file beside this one, and a line here. */
export const SERVERS: Readonly<Record<ServerName, ServerKind>> = {
  kafka,
  elasticsearch,
  redis,
  postgres,
  toxiproxy,
}
