import { setTimeout as sleep } from 'node:timers/promises'
import type { CacheMetrics } from '../metrics.js'
import type { Awaited } from './awaited.js'
import type { FirstTier } from './first-tier.js'
import type { Make, MakeMissing } from './make.js'
import { FLIGHT_MS } from './scripts.js'
import type { Found, Store } from './store.js'
import type { Unsent } from './unsent.js'

/** Longest wait for what other processes make: for one that died, and for the next that makes it. */
const WAIT_MS = FLIGHT_MS + 3_000
const MAX_POLL_MS = 50

export interface FetchOptions {
  store: Store
  firstTier: FirstTier
  unsent: Unsent
  make: Make
  time: () => number
  measured: CacheMetrics
}

/**
 * Lands everything that is awaited: with what Redis has, with what another process makes, or with what this one makes.
 * Resolves when nothing goes on for it any more. Never rejects.
 */
export type Fetch = (awaited: readonly Awaited[], makeMissing: MakeMissing) => Promise<void>

export function createFetch(options: FetchOptions): Fetch {
  const { store, firstTier, unsent, make, time, measured } = options

  /** What Redis says, and the token under which this process makes what is its own; neither when Redis does not answer. */
  const look = async (awaited: readonly Awaited[]) => {
    const token = store.newToken()
    const keys = awaited.map(({ key }) => key)
    const late = () => unsent.giveUp(keys, token)
    try {
      return { token, found: await store.look(awaited, { token, late }) }
    } catch {
      return {}
    }
  }

  const landFound = (awaited: Awaited, found: Found, at: number) => {
    if (found.text === undefined) return
    if (awaited.flight.current) firstTier.remember(awaited.key, { ...found, at })
    awaited.land(found.text)
  }

  return async (awaited, makeMissing) => {
    const making: Promise<void>[] = []
    const patientUntil = performance.now() + WAIT_MS
    let waiting = awaited
    for (let round = 0; waiting.length > 0; round++) {
      if (round > 0) await sleep(Math.min(10 * round, MAX_POLL_MS))
      const at = time()
      const { found, token } = await look(waiting)
      const patient = performance.now() < patientUntil
      const mine: Awaited[] = []
      const theirs: Awaited[] = []
      for (const [i, it] of waiting.entries()) {
        const here = found?.[i]
        if (round === 0) measured.read('redis', resultOf(here))
        if (here) landFound(it, here, at)
        if (!here || here.mine || (!it.landed && !patient)) mine.push(it)
        else if (!it.landed) theirs.push(it)
      }
      if (mine.length > 0) making.push(make(mine, token, makeMissing))
      waiting = theirs
    }
    await Promise.all(making)
  }
}

export const resultOf = (found: Found | undefined) => {
  if (!found) return 'error'
  if (found.text === undefined) return 'miss'
  return found.freshMs > 0 ? 'hit' : 'stale'
}
