import { Counter, Histogram, type Registry } from '@cinegraph/kit/metrics'

/** What a connection to Elasticsearch reports about itself. Without a registry it counts for nobody. */
export function createSearchMetrics(registry: Registry | undefined) {
  const registers = registry ? [registry] : []
  return {
    seconds: new Histogram({
      name: 'cinegraph_search_elasticsearch_seconds',
      help: 'Seconds until Elasticsearch answered, by operation; what it did not answer is an error',
      labelNames: ['operation'] as const,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    failures: new Counter({
      name: 'cinegraph_search_elasticsearch_errors_total',
      help: 'Questions without an answer, by reason: late (no answer in time), lost (with the connection) or refused (the answer was an error)',
      labelNames: ['reason'] as const,
      registers,
    }),
  }
}
export type SearchMetrics = ReturnType<typeof createSearchMetrics>
