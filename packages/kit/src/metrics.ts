import { collectDefaultMetrics, Registry } from 'prom-client'
import { within } from './within.js'

export { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** A registry with Node's own figures (memory, event-loop lag, garbage collection). One per process. */
export function createMetrics(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

// who scrapes waits for all figures, Prometheus for ten seconds
const COLLECT_MS = 5_000

/** What an engine tells for a figure; undefined when it fails, or has not told within five seconds. Never rejects. */
export const collected = <T>(told: Promise<T>): Promise<T | undefined> =>
  within(told, COLLECT_MS).catch(() => undefined)
