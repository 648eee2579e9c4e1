import { Counter, Gauge, Histogram, type Registry } from '@cinegraph/kit/metrics'

export interface RedisMetricsOptions {
  registry: Registry | undefined
  /** What stands on it, e.g. `cache`. */
  use: string
  isUp: () => boolean
}

/** What a connection to Redis reports about itself. Without a registry it counts for nobody. */
export function createRedisMetrics({ registry, use, isUp }: RedisMetricsOptions) {
  const registers = registry ? [registry] : []
  const name = (what: string) => `cinegraph_${use}_redis_${what}`
  new Gauge({
    name: name('up'),
    help: '1 while Redis answers in time and is asked, 0 while it is passed over until it answers again',
    registers,
    collect() {
      this.set(isUp() ? 1 : 0)
    },
  })
  return {
    seconds: new Histogram({
      name: name('seconds'),
      help: 'Seconds until Redis answered, by command; those that it did not answer in time are errors',
      labelNames: ['command'] as const,
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05],
      registers,
    }),
    errors: new Counter({
      name: name('errors_total'),
      help: 'Commands without an answer, by reason: late (no answer in time), lost (with the connection), skipped (not sent, because it was down) or refused (the answer was an error)',
      labelNames: ['reason'] as const,
      registers,
    }),
  }
}
