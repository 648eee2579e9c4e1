import { setTimeout } from 'node:timers/promises'
import { AppError, DependencyError } from '@cinegraph/kit/errors'
import { createService, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { MAX_REVOCATIONS_WAIT } from '@cinegraph/kit/revocations'
import { createRevocationMetrics } from '../metrics.js'
import type { AskRevocations } from './revocation-feed.js'
import { createRevocationList, type RevocableToken } from './revocation-list.js'

export interface RevocationsOptions {
  ask: AskRevocations
  /** Called when a key is revoked. */
  onKeyRevoked: () => void
  log: Logger
  metrics: Registry
}

/**
 * Tokens that are refused although they have not expired. Ready once all that are in force have been loaded, answer by
 * answer; its start waits for one attempt at that, and does not fail with it.
 */
export type Revocations = Service & {
  /** Throws UNAUTHENTICATED for a token that is revoked, and DependencyError while that cannot be known. */
  check(token: RevocableToken): void
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 500
/** An answer without news that came sooner did not wait for any, as when its source stops. */
const HASTY_MS = 1_000

/** Follows the feed until it stops: what it knows it goes on using while the source is down. */
export function createRevocations(options: RevocationsOptions): Revocations {
  const { ask, log, metrics } = options
  const list = createRevocationList()
  const stopping = new AbortController()
  const stopped = () => stopping.signal.aborted
  const attempted = Promise.withResolvers<undefined>()
  let loaded = false
  let contact = performance.now()
  let following: Promise<void> | undefined
  const { countFailure } = createRevocationMetrics(metrics, {
    inForce: () => list.size,
    secondsSinceContact: () => (performance.now() - contact) / 1000,
  })
  const source = reportChanges(log)

  const pause = (ms: number) =>
    setTimeout(ms, undefined, { signal: stopping.signal }).catch(() => undefined)

  /** Asks once; resolves with the cursor to go on from. */
  async function step(cursor: string | undefined): Promise<string> {
    const asked = performance.now()
    const wait = loaded && cursor !== undefined ? MAX_REVOCATIONS_WAIT : 0
    const feed = await ask({ after: cursor, wait }, stopping.signal)
    list.add(feed.revocations)
    if (feed.revocations.some((it) => 'keyId' in it)) options.onKeyRevoked()
    contact = performance.now()
    source.answered()
    // there may be more: the answer that brings nothing new is the last
    if (feed.cursor !== cursor) return feed.cursor
    loaded = true
    attempted.resolve(undefined)
    if (wait > 0 && contact - asked < HASTY_MS) await pause(LONGEST_PAUSE_MS)
    return cursor
  }

  async function follow(): Promise<void> {
    let cursor: string | undefined
    let pauseMs = FIRST_PAUSE_MS
    while (!stopped()) {
      list.sweep()
      try {
        cursor = await step(cursor)
        pauseMs = FIRST_PAUSE_MS
      } catch (error) {
        if (stopped()) break
        countFailure()
        source.failed(error)
        attempted.resolve(undefined)
        // a source that was restored from a backup may count anew: ask for everything again
        cursor = undefined
        await pause(pauseMs)
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
      }
    }
    attempted.resolve(undefined)
  }

  return {
    ...createService({
      name: 'revocations',
      async start() {
        following = follow()
        await attempted.promise
      },
      ready: async () => (loaded ? { ready: true } : { ready: false, reason: 'not loaded yet' }),
      async stop() {
        stopping.abort()
        await following
      },
    }),
    check(token) {
      if (!loaded) throw new DependencyError('revocations', 'they have not been loaded yet')
      const revoked = list.find(token)
      if (revoked) throw new AppError('UNAUTHENTICATED', REFUSALS[revoked])
    },
  }
}

const REFUSALS = {
  session: 'The session has ended.',
  token: 'The access token is no longer valid. Refresh the session.',
} as const

/** Logs what changes and not each attempt: there are two in a second. */
function reportChanges(log: Logger) {
  let problem: string | undefined = 'not asked yet'
  return {
    answered() {
      if (problem !== undefined) log.info('following revocations')
      problem = undefined
    },
    failed(error: unknown) {
      if (String(error) !== problem) log.warn({ err: error }, 'could not ask for revocations')
      problem = String(error)
    },
  }
}
