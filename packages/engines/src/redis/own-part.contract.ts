import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'

/** Parts of a Redis that nobody else uses. */
export interface OwnParts {
  /** The URL of a new part, patient. */
  readonly newUrl: () => string
  /** Milliseconds until each key expires that begins with `head`, by the rest of its name; negative if never. */
  readonly expiries: (head: string) => Promise<Record<string, number>>
  /** Deletes them all. */
  readonly clean: () => Promise<void>
}

export function ownParts(url: string): OwnParts {
  const name = `test-${randomUUID()}:`
  let parts = 0
  return {
    newUrl: () => `${url}?prefix=${name}${parts++}:&budgetMs=${PATIENT_MS}`,
    async expiries(head) {
      const redis = new Redis(url)
      const names = await redis.keys(`${head}*`)
      const expiries = await Promise.all(names.map((name) => redis.pttl(name)))
      redis.disconnect()
      return Object.fromEntries(names.map((name, i) => [name.slice(head.length), expiries[i]!]))
    },
    async clean() {
      const redis = new Redis(url)
      for await (const keys of redis.scanStream({ match: `${name}*`, count: 1_000 })) {
        if ((keys as string[]).length > 0) await redis.unlink(keys as string[])
      }
      redis.disconnect()
    },
  }
}

/**
 * A clock for tests that stands still until it is moved. It is an hour ahead: what Redis lets expire by its own clock then
 * stays for as long as a test may last.
 */
export function clockAhead() {
  let at = Date.now() + 3_600_000
  const now = () => new Date(at)
  const advance = async (ms: number) => {
    at += ms
  }
  return { now, advance }
}

/** The same, whose questions may take so long (milliseconds). */
export function withBudget(url: string, budgetMs: number): string {
  const changed = new URL(url)
  changed.searchParams.set('budgetMs', String(budgetMs))
  return changed.href
}

// a machine that does other things as well is no failure of the adapter
export const PATIENT_MS = 10_000
