import type { Cache } from '@cinegraph/engines/cache/cache'
import type { EventLog } from '@cinegraph/engines/event-log/event-log'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { createIndexerWorker } from '@cinegraph/indexer/indexer.worker'
import { parseConfig } from '@cinegraph/kit/config'
import type { Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { outboxConfig } from '@cinegraph/outbox/config'
import { createOutboxWorker } from '@cinegraph/outbox/outbox.worker'
import type { Env } from './secrets.js'

export interface WorkersOptions {
  postgres: Postgres
  search: SearchIndex
  cache: Cache
  eventLog: EventLog
  log: Logger
  metrics: Registry
  /** What a process of the outbox alone would be given. */
  env: Env
}

/** Every worker, over one pool of connections; those that read events before those that send them. */
export function createWorkers({ env, ...engines }: WorkersOptions): Service[] {
  const { OUTBOX_BATCH: batch, OUTBOX_TURN_MS: turnMs } = parseConfig(outboxConfig, env)
  return [createIndexerWorker(engines), createOutboxWorker({ ...engines, batch, turnMs })]
}
