import { Counter, Gauge, type Registry } from '@cinegraph/kit/metrics'

export const createHousekeepingMetrics = (registry: Registry) => ({
  succeeded: new Gauge({
    name: 'cinegraph_users_housekeeping_success_timestamp_seconds',
    help: 'When this process last did all of the housekeeping without a failure; 0 until then',
    registers: [registry],
  }),
  failures: new Counter({
    name: 'cinegraph_users_housekeeping_failures_total',
    help: 'Parts of the housekeeping that failed, by what they keep in order',
    labelNames: ['kind'] as const,
    registers: [registry],
  }),
  swept: new Counter({
    name: 'cinegraph_users_swept_rows_total',
    help: 'Rows deleted because nothing needs them any more, by kind',
    labelNames: ['kind'] as const,
    registers: [registry],
  }),
  partitions: new Gauge({
    name: 'cinegraph_users_login_history_partitions',
    help: 'Months that the login history has a partition for, as this process saw it last',
    registers: [registry],
  }),
})
export type HousekeepingMetrics = ReturnType<typeof createHousekeepingMetrics>
