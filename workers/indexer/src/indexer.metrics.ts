import { Counter, Histogram, type Registry } from '@cinegraph/kit/metrics'

export function createIndexerMetrics(registry: Registry) {
  const registers = [registry]
  return {
    events: new Counter({
      name: 'cinegraph_indexer_events_total',
      help: 'Events that this process is done with, by name and outcome: indexed, skipped (they concern no document) or refused (they are among the dead letters)',
      labelNames: ['event', 'outcome'] as const,
      registers,
    }),
    documents: new Counter({
      name: 'cinegraph_indexer_documents_total',
      help: 'Documents that this process sent to the index or removed from it because of events, by kind and action',
      labelNames: ['kind', 'action'] as const,
      registers,
    }),
    searchable: new Histogram({
      name: 'cinegraph_indexer_searchable_seconds',
      help: 'Seconds from a change to when searches find it and caches have forgotten what was before, by event',
      labelNames: ['event'] as const,
      buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800],
      registers,
    }),
  }
}
export type IndexerMetrics = ReturnType<typeof createIndexerMetrics>
