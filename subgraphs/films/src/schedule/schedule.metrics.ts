import { Counter, type Registry } from '@cinegraph/kit/metrics'

export const createScheduleMetrics = (registry: Registry) => ({
  published: new Counter({
    name: 'cinegraph_films_scheduled_published_total',
    help: 'Films that this process published because their time had come',
    registers: [registry],
  }),
  failures: new Counter({
    name: 'cinegraph_films_scheduled_failures_total',
    help: 'Attempts of this process to publish a scheduled film that failed; it is tried again',
    registers: [registry],
  }),
})
export type ScheduleMetrics = ReturnType<typeof createScheduleMetrics>
