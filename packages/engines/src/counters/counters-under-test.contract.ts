import type { Counters } from './counters.js'

/** The counters of an adapter, and the only way in which their time passes. */
export interface CountersUnderTest {
  counters: Counters
  /** Resolves when `ms` milliseconds have passed for the counters. */
  advance: (ms: number) => Promise<void>
}
