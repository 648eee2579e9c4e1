export interface LimiterOptions {
  /** Tasks that run at the same time. */
  atOnce: number
  /** Tasks that may wait; one more is refused. */
  queue: number
  /** The error of a task that finds no place in the queue. */
  refuse: () => Error
  /** The error of a task that nobody waits for any more; that of `refuse` unless given. */
  abandon?: () => Error
}

export interface Limiter {
  /** A task whose `signal` aborts before its turn gives up its place. */
  <T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** How many tasks wait. */
  waiting(): number
}

/** Runs tasks in the order they came, a bounded number at once, with a bounded queue. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { atOnce, queue, refuse, abandon = refuse } = options
  let running = 0
  const waiting: (() => void)[] = []
  const enter = async (signal: AbortSignal | undefined) => {
    if (signal?.aborted) throw abandon()
    if (running < atOnce) {
      running += 1
      return
    }
    if (waiting.length >= queue) throw refuse()
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        waiting.splice(waiting.indexOf(turn), 1)
        reject(abandon())
      }
      waiting.push(turn)
      signal?.addEventListener('abort', giveUp, { once: true })
    })
  }
  // the slot is handed on, never freed in between: a newcomer cannot overtake who waits
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
  const run = async <T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    await enter(signal)
    try {
      return await task()
    } finally {
      leave()
    }
  }
  return Object.assign(run, { waiting: () => waiting.length })
}
