import { vi } from 'vitest'

// less than a test may take, and enough for a machine that does other things as well
const PATIENCE = { timeout: 60_000, interval: 20 }

/** Waits until `condition` holds, and resolves with what it returned. */
export const until = <T>(condition: () => T | Promise<T>) => vi.waitUntil(condition, PATIENCE)

/** Waits until `assertion` no longer throws, and resolves with what it returned. */
export const eventually = <T>(assertion: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(assertion, PATIENCE)
