import type { Cache } from '@cinegraph/engines/cache/cache'
import type { Batch, EventLog } from '@cinegraph/engines/event-log/event-log'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import { domainEvents } from '@cinegraph/events/domain/domain-events'
import { DependencyError } from '@cinegraph/kit/errors'
import { createService, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { CatalogueRepository } from './catalogue.repository.js'
import { createCatalogueSource } from './catalogue-source.js'
import { decode, type DecodedRecords } from './decode.js'
import { indexChanges } from './index-changes.js'
import { createIndexerMetrics } from './indexer.metrics.js'
import { planOf } from './plan.js'

/** The group of the event log in which indexers share the partitions. */
export const GROUP = 'indexer'
const PAGE_SIZE = 200

export interface IndexerWorkerOptions {
  postgres: Pick<Postgres, 'prisma'>
  search: Pick<SearchIndex, 'upsert' | 'remove'>
  eventLog: Pick<EventLog, 'consume'>
  cache: Pick<Cache, 'purge'>
  log: Logger
  metrics: Registry
}

/**
 * Keeps the index what the catalogue is: events say what has changed, and it is read anew, whole. At least once, by any number of
 * workers; what was read later wins, so neither repetition nor delay brings back what was before.
 */
export function createIndexerWorker(options: IndexerWorkerOptions): Service {
  const { postgres, search, eventLog, cache, log } = options
  const links = new CatalogueRepository(postgres.prisma)
  const source = createCatalogueSource(links)
  const metrics = createIndexerMetrics(options.metrics)
  let failing = false

  async function index({ records, signal, deadLetter }: Batch): Promise<void> {
    const decoded = decode(records)
    const changes = { source, links, search, cache, metrics, pageSize: PAGE_SIZE }
    await indexChanges(planOf(decoded.events), changes, signal)
    for (const { record, reason } of decoded.refused) {
      log.error({ recordId: record.id, headers: record.headers, reason }, 'event refused')
      await deadLetter(record, reason)
    }
    count(decoded)
  }

  function count({ events, refused, skipped }: DecodedRecords): void {
    const now = Date.now()
    for (const { name, occurredAt } of events) {
      metrics.events.inc({ event: name, outcome: 'indexed' })
      metrics.searchable.observe({ event: name }, (now - occurredAt.getTime()) / 1_000)
    }
    // names of what is not known may be anything
    metrics.events.inc({ event: 'unknown', outcome: 'refused' }, refused.length)
    metrics.events.inc({ event: 'other', outcome: 'skipped' }, skipped)
  }

  const consumer = eventLog.consume({
    group: GROUP,
    topics: [domainEvents.name],
    async handle(batch) {
      try {
        await index(batch)
        failing = false
      } catch (error) {
        failing = error instanceof DependencyError
        throw error
      }
    },
  })
  return createService({
    name: 'indexer',
    start: () => consumer.start(),
    ready: async () => (failing ? { ready: false, reason: 'cannot index' } : { ready: true }),
    stop: (deadline) => consumer.stop(deadline),
  })
}
