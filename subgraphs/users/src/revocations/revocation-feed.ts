import { EventEmitter, once } from 'node:events'
import { createListener } from '@cinegraph/engines/postgres/listen'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Clock } from '@cinegraph/kit/clock'
import type { Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import { Gauge, type Registry } from '@cinegraph/kit/metrics'
import type { RevocationFeed } from '@cinegraph/kit/revocations'
import type { RevocationRepository } from './revocation.repository.js'

/** What the trigger of the table notifies. */
const CHANNEL = 'users_revocation'

/** A notification may be lost with its connection; then news are found when somebody waits for them this long. */
const LOOK_AGAIN_MS = 1_000

export interface FeedQuestion {
  /** The cursor of the answer before; without it the answer is all that is in force. */
  readonly after: bigint | undefined
  readonly waitMs: number
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/** Access tokens that gateways have to refuse, as they come. The service hears of those that other processes write. */
export type Feed = Service & { read(question: FeedQuestion): Promise<RevocationFeed> }

export interface FeedOptions {
  postgres: Pick<Postgres, 'pool'>
  repository: RevocationRepository
  log: Logger
  metrics: Registry
  now: Clock
}

export function createRevocationFeed(options: FeedOptions): Feed {
  const { postgres, repository, log, metrics, now } = options
  const waiting = new Gauge({
    name: 'cinegraph_users_revocations_waiting',
    help: 'Gateways that wait for revocations at this process',
    registers: [metrics],
  })
  const notified = new EventEmitter().setMaxListeners(0)
  const onNews = () => void notified.emit(CHANNEL)
  const service = createListener({ postgres, channel: CHANNEL, onNews, log })
  const news = async (enough: AbortSignal) => {
    const signal = AbortSignal.any([enough, AbortSignal.timeout(LOOK_AGAIN_MS)])
    await once(notified, CHANNEL, { signal }).catch(() => {})
  }
  return {
    ...service,
    async read({ after, waitMs, signal }) {
      const enough = AbortSignal.any([signal, AbortSignal.timeout(waitMs)])
      for (;;) {
        // before the question, or what comes while it is answered would be overheard
        const woken = news(enough)
        const feed = await repository.feed(after, now())
        if (after === undefined || feed.revocations.length > 0 || enough.aborted) return feed
        waiting.inc()
        await woken
        waiting.dec()
      }
    },
  }
}
