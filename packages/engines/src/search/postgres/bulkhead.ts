import { DependencyError } from '@cinegraph/kit/errors'
import { createLimiter } from '@cinegraph/kit/limiter'
import { Gauge, type Registry } from '@cinegraph/kit/metrics'
import type { Run } from './connection.js'

/** Statements that may wait, for each that may run, and how long. */
const WAITING_PER_RUNNING = 20
const WAIT_MS = 5_000

interface BulkheadOptions {
  /** Statements that run at the same time at most. */
  readonly running: number
  readonly metrics: Registry | undefined
}

/**
 * Keeps part of the pool free: what readers type may cost a hundred times what a film costs by its id, which is not to wait for it.
 * Throws DependencyError when too many wait already, or for too long: by then nobody may wait for the answer.
 */
export function bulkhead(run: Run, { running, metrics }: BulkheadOptions): Run {
  const inTurn = createLimiter({
    atOnce: running,
    queue: running * WAITING_PER_RUNNING,
    refuse: () => new DependencyError('search', 'too many searches at the same time'),
  })
  new Gauge({
    name: 'cinegraph_search_postgres_waiting',
    help: 'Statements of searches that wait for one of the connections that searches may use at the same time',
    registers: metrics ? [metrics] : [],
    collect() {
      this.set(inTurn.waiting())
    },
  })
  return (sql, values) => inTurn(() => run(sql, values), AbortSignal.timeout(WAIT_MS))
}
