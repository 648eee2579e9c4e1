import { setTimeout as sleep } from 'node:timers/promises'
import { aborted, createService, type Service } from './lifecycle.js'
import type { Logger } from './logger.js'

export interface PeriodicOptions {
  name: string
  /** Milliseconds from the end of a run to the next. */
  everyMs: number
  /** Milliseconds from the start to the first run; `everyMs` when it is not given. */
  firstAfterMs?: number
  /** Milliseconds from a run that failed to the next; `everyMs` when it is not given. */
  againAfterMs?: number
  /** One run. `stopping` aborts when the service is stopped: what is left may wait for the next start. */
  work: (stopping: AbortSignal) => Promise<void>
  log: Logger
}

/** Does `work` over and over, never twice at once. A run that fails is logged, and the next one comes in its time. */
export function createPeriodic(options: PeriodicOptions): Service {
  const { name, everyMs, firstAfterMs = everyMs, againAfterMs = everyMs, work, log } = options
  const stopping = new AbortController()
  let running: Promise<void> | undefined
  const run = (work: Promise<void>) =>
    work.then(
      () => true,
      (error: unknown) => {
        log.error({ err: error, work: name }, 'periodic work failed')
        return false
      },
    )
  const loop = async () => {
    await pause(firstAfterMs, stopping.signal)
    while (!stopping.signal.aborted) {
      const succeeded = await run(work(stopping.signal))
      await pause(succeeded ? everyMs : againAfterMs, stopping.signal)
    }
  }
  return createService({
    name,
    async start() {
      running = loop()
    },
    async stop(deadline) {
      stopping.abort()
      await Promise.race([running, aborted(deadline)])
    },
  })
}

/** Ends early when `signal` aborts. Keeps no process alive. */
const pause = (ms: number, signal: AbortSignal) =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => {})
