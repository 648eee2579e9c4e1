import { type Clock, systemClock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'

const MINUTE_MS = 60_000

/** Warns at most once a minute, with how `often` there was reason to since the last time: who causes it must not fill the log. */
export function createOccasional(log: Logger | undefined, now: Clock = systemClock) {
  let often = 0
  let last = -Infinity
  return (message: string): void => {
    often += 1
    const time = now().getTime()
    if (time - last < MINUTE_MS) return
    log?.warn({ often }, message)
    often = 0
    last = time
  }
}
