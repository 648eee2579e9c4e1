import { Counter, Gauge, type Registry } from '@cinegraph/kit/metrics'

/** What the two indexes report about which of them answers. Without a registry it counts for nobody. */
export function createFallbackMetrics(registry: Registry | undefined, isUp: () => boolean) {
  const registers = registry ? [registry] : []
  new Gauge({
    name: 'cinegraph_search_elasticsearch_up',
    help: '1 while Elasticsearch answers searches, 0 while Postgres does: until it answers again and was sent what it missed',
    registers,
    collect() {
      this.set(isUp() ? 1 : 0)
    },
  })
  return {
    fallbacks: new Counter({
      name: 'cinegraph_search_fallbacks_total',
      help: 'Questions that Postgres answered because Elasticsearch could not',
      registers,
    }),
  }
}
