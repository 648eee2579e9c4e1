import { collected, Counter, Gauge, type Registry } from '@cinegraph/kit/metrics'
import type { Progress } from './event-log.js'

export interface EventLogMetricsOptions {
  registry: Registry | undefined
  /** What the log stands on. */
  engine: string
  /** Groups that this process consumes for. */
  groups: () => Iterable<string>
  progress: (group: string) => Promise<readonly Progress[]>
}

/** What a log reports about itself. Without a registry it counts for nobody. */
export function createEventLogMetrics(options: EventLogMetricsOptions) {
  const registers = options.registry ? [options.registry] : []
  registerLag(options, registers)
  new Gauge({
    name: 'cinegraph_event_log_engine',
    help: '1, for the engine that the event log stands on',
    labelNames: ['engine'] as const,
    registers,
  }).set({ engine: options.engine }, 1)
  return {
    appended: new Counter({
      name: 'cinegraph_event_log_appended_total',
      help: 'Records that this process appended, by topic',
      labelNames: ['topic'] as const,
      registers,
    }),
    processed: new Counter({
      name: 'cinegraph_event_log_processed_total',
      help: 'Records that this process processed, dead letters included, by group and topic',
      labelNames: ['group', 'topic'] as const,
      registers,
    }),
    failures: new Counter({
      name: 'cinegraph_event_log_failures_total',
      help: 'Attempts to process records that failed, by group, topic and kind: outage (waited out) or error (ends among the dead letters)',
      labelNames: ['group', 'topic', 'kind'] as const,
      registers,
    }),
    deadLetters: new Counter({
      name: 'cinegraph_event_log_dead_letters_total',
      help: 'Records put among the dead letters, by group and topic',
      labelNames: ['group', 'topic'] as const,
      registers,
    }),
    leases: new Gauge({
      name: 'cinegraph_event_log_leases',
      help: 'Partitions that consumers of this process hold, by group',
      labelNames: ['group'] as const,
      registers,
    }),
  }
}
export type EventLogMetrics = ReturnType<typeof createEventLogMetrics>

function registerLag(
  { groups, progress }: EventLogMetricsOptions,
  registers: Registry[],
): Gauge<'group' | 'topic' | 'partition'> {
  return new Gauge({
    name: 'cinegraph_event_log_lag',
    help: 'Records that a group has not processed yet, for the groups that this process consumes for',
    labelNames: ['group', 'topic', 'partition'] as const,
    registers,
    async collect() {
      this.reset()
      for (const group of groups()) {
        // while the engine is away there is no lag to tell, and the other figures still count
        const partitions = await collected(progress(group))
        for (const { topic, partition, lag } of partitions ?? []) {
          this.set({ group, topic, partition: String(partition) }, lag)
        }
      }
    },
  })
}

/** The counters of one group. */
export const groupMetrics = (metrics: EventLogMetrics, group: string) => ({
  processed: (topic: string, records: number) => metrics.processed.inc({ group, topic }, records),
  failed: (topic: string, kind: 'outage' | 'error') => metrics.failures.inc({ group, topic, kind }),
  buried: (topic: string) => metrics.deadLetters.inc({ group, topic }),
  holds: (more: number) => metrics.leases.inc({ group }, more),
})
export type GroupMetrics = ReturnType<typeof groupMetrics>
