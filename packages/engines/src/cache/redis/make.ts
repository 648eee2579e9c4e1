import type { Logger } from '@cinegraph/kit/logger'
import type { CacheMetrics } from '../metrics.js'
import type { Awaited } from './awaited.js'
import type { FirstTier } from './first-tier.js'
import { FLIGHT_MS } from './scripts.js'
import { type Store, tagsOf } from './store.js'

/** What takes longer to make is anybody's again. */
const MAKE_MS = 30_000

export type MakeMissing = (missing: readonly string[]) => Promise<ReadonlyMap<string, unknown>>

export interface MakeOptions {
  store: Store
  firstTier: FirstTier
  time: () => number
  measured: CacheMetrics
  log: Logger
}

/**
 * Makes all of `mine` at once, keeps what was not overtaken meanwhile, and lands them. Without a token, because Redis does not
 * answer, nothing is kept but in this process. Never rejects.
 */
export type Make = (
  mine: readonly Awaited[],
  token: string | undefined,
  makeMissing: MakeMissing,
) => Promise<void>

export function createMake({ store, firstTier, time, measured, log }: MakeOptions): Make {
  const keep = async (made: readonly Made[], token: string | undefined, begunAt: number) => {
    const sentAt = time()
    const kept = token && (await store.keep(made.map(toKeep), token).catch(() => undefined))
    for (const [i, { awaited, text }] of made.entries()) {
      const { key, options, flight } = awaited
      firstTier.drop(key)
      if (flight.current && (!kept || kept[i])) {
        const { ttlMs, staleMs = 0 } = options
        // what Redis did not confirm is as old as the question to its source
        const at = kept ? sentAt : begunAt
        const seen = { text, freshMs: ttlMs, staleMs: ttlMs + staleMs, tags: tagsOf(options), at }
        firstTier.remember(key, seen)
      }
      awaited.land(text)
    }
  }

  const giveUp = async (failed: readonly Awaited[], token: string | undefined, error: unknown) => {
    const keys = failed.map(({ key }) => key)
    if (token) await store.giveUp(keys, token).catch(() => {})
    for (const key of keys) firstTier.drop(key)
    const refreshed = failed.filter(({ landed }) => landed)
    for (const awaited of failed) awaited.fail(error)
    if (refreshed.length === 0) return
    log.warn(
      { keys: refreshed.map(({ key }) => key), err: error },
      'could not refresh cached values',
    )
  }

  return async (mine, token, makeMissing) => {
    const begunAt = time()
    const keys = mine.map(({ key }) => key)
    const values = Promise.resolve().then(() => makeMissing(keys))
    const letGo = token === undefined ? undefined : holdOn(store, keys, token)
    const outcomes = await Promise.allSettled(
      mine.map(async ({ key }) => JSON.stringify((await values).get(key)) as string | undefined),
    )
    letGo?.()
    const made: Made[] = []
    const failed: Awaited[] = []
    let error: unknown
    for (const [i, outcome] of outcomes.entries()) {
      const awaited = mine[i]!
      if (outcome.status === 'fulfilled') made.push({ awaited, text: outcome.value })
      else {
        failed.push(awaited)
        error = outcome.reason
      }
    }
    measured.loads.inc({ result: 'success' }, made.length)
    measured.loads.inc({ result: 'failure' }, failed.length)
    if (made.length > 0) await keep(made, token, begunAt)
    if (failed.length > 0) await giveUp(failed, token, error)
  }
}

interface Made {
  readonly awaited: Awaited
  readonly text: string | undefined
}

const toKeep = ({ awaited: { key, options }, text }: Made) => ({ key, options, text })

/** Tells other processes again and again that this one lives, until what it returns is called. */
function holdOn(store: Store, keys: readonly string[], token: string): () => void {
  const until = performance.now() + MAKE_MS
  const timer = setInterval(() => {
    if (performance.now() > until) clearInterval(timer)
    else store.holdOn(keys, token).catch(() => {})
  }, FLIGHT_MS / 4)
  timer.unref()
  return () => clearInterval(timer)
}
