import { AppError, DependencyError } from '@cinegraph/kit/errors'
import { aborted, createService, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import { createLimiter } from '@cinegraph/kit/limiter'

/** Work that nobody waits for: so many tasks at once, the next in a queue, what fails is logged. A stop waits for all. */
export type Background = Service & {
  /** `what` is for the log, e.g. `mail`. */
  run(what: string, task: () => Promise<void>): void
}

export interface BackgroundOptions {
  /** Tells it from others in health reports. */
  name: string
  log: Logger
  atOnce?: number
  /** Tasks that may wait; one more is given up, and logged. */
  queue?: number
}

export function createBackground(options: BackgroundOptions): Background {
  const { name, log, atOnce = 4, queue = 1_000 } = options
  const refuse = () => new DependencyError('background', 'too much work waits')
  const limited = createLimiter({ atOnce, queue, refuse })
  const underWay = new Set<Promise<void>>()
  const service = createService({
    name,
    async stop(deadline) {
      await Promise.race([Promise.all(underWay), aborted(deadline)])
    },
  })
  const note = (what: string, error: unknown) => {
    if (error instanceof AppError)
      log.warn({ what, reason: error.message }, 'background work refused')
    else log.error({ err: error, what }, 'background work failed')
  }
  return {
    ...service,
    run(what, task) {
      const done = limited(task)
        .catch((error: unknown) => note(what, error))
        .finally(() => underWay.delete(done))
      underWay.add(done)
    },
  }
}
