import type { EventLog } from '@cinegraph/engines/event-log/event-log'
import { createListener } from '@cinegraph/engines/postgres/listen'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import { Bell } from '@cinegraph/kit/bell'
import { aborted, createService, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { createOutboxMetrics } from './outbox.metrics.js'
import { OutboxRepository } from './outbox.repository.js'
import { relayOldest } from './relay.js'

/** What the trigger of the table notifies. */
const CHANNEL = 'platform_outbox'

// notifications may be lost with their connection, and another worker's turn may end with its process
const LOOK_AGAIN_MS = 1_000

export interface OutboxWorkerOptions {
  postgres: Pick<Postgres, 'pool' | 'prisma'>
  eventLog: Pick<EventLog, 'append'>
  /** Events that are relayed at once at most. */
  batch: number
  /** Milliseconds that a batch may take; a worker that stands still for longer loses its turn. */
  turnMs: number
  log: Logger
  metrics: Registry
}

/**
 * Relays the outbox to the event log: at least once, in the order in which events of a key were announced. Any number of
 * workers take turns, a batch each, so none can overtake another.
 */
export function createOutboxWorker(options: OutboxWorkerOptions): Service {
  const { postgres, eventLog, batch, turnMs, log } = options
  const repository = new OutboxRepository(postgres.prisma)
  const metrics = createOutboxMetrics(options.metrics, () => repository.backlog())
  const news = new Bell()
  const listener = createListener({ postgres, channel: CHANNEL, onNews: () => news.ring(), log })
  const stopping = new AbortController()
  let relaying: Promise<void> | undefined
  let failing = false
  // another release may know what this one's predecessor refused
  let asideReturned = false

  /** Whether there may be more at once. */
  const relay = async (): Promise<boolean> => {
    const relayed = await repository.inTurn(async (turn) => {
      if (!asideReturned) await turn.returnAside()
      return relayOldest(turn, { eventLog, batch, metrics, log })
    }, turnMs)
    if (relayed?.outage) throw relayed.outage
    asideReturned ||= relayed !== undefined
    failing = false
    return relayed !== undefined && relayed.rows > 0
  }
  const run = async () => {
    while (!stopping.signal.aborted) {
      const more = await relay().catch((error: unknown) => {
        failing = true
        log.error({ err: error }, 'outbox could not be relayed')
        return false
      })
      if (!more) await news.wait(LOOK_AGAIN_MS, stopping.signal)
    }
  }
  return createService({
    name: 'outbox',
    async start() {
      await listener.start()
      relaying = run()
    },
    ready: async () => (failing ? { ready: false, reason: 'cannot relay' } : { ready: true }),
    async stop(deadline) {
      stopping.abort()
      await listener.stop(deadline)
      await Promise.race([relaying, aborted(deadline)])
    },
  })
}
