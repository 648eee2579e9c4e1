import { collected, Counter, Gauge, type Registry } from '@cinegraph/kit/metrics'
import type { Backlog } from './outbox.repository.js'

export function createOutboxMetrics(registry: Registry, backlog: () => Promise<Backlog>) {
  const registers = [registry]
  const gauge = (name: string, help: string, value: (backlog: Backlog) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        // while Postgres is away there is none to tell, and the other figures still count
        const told = await collected(backlog())
        if (told) this.set(value(told))
        else this.remove()
      },
    })
  gauge('cinegraph_outbox_rows', 'Events that wait to be relayed', ({ rows }) => rows)
  gauge(
    'cinegraph_outbox_oldest_seconds',
    'Age of the oldest event that waits to be relayed; 0 when there is none',
    ({ oldestSeconds }) => oldestSeconds,
  )
  gauge(
    'cinegraph_outbox_aside_rows',
    'Events that the event log refused: later ones of their keys wait behind them',
    ({ aside }) => aside,
  )
  return {
    relayed: new Counter({
      name: 'cinegraph_outbox_relayed_total',
      help: 'Events that this process relayed, by topic',
      labelNames: ['topic'] as const,
      registers,
    }),
    setAside: new Counter({
      name: 'cinegraph_outbox_set_aside_total',
      help: 'Events that this process set aside because the event log refused them, by topic',
      labelNames: ['topic'] as const,
      registers,
    }),
  }
}
export type OutboxMetrics = ReturnType<typeof createOutboxMetrics>
