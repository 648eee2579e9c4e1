export interface LimiterOptions {
  /** Tasks that run at the same time. */
  atOnce: number
  /** Tasks that may wait; one more is refused. */
  queue: number
  /** The error of a refused task. */
  refuse: () => Error
}

export type Limiter = <T>(task: () => Promise<T>) => Promise<T>

/** Runs tasks in the order they came, a bounded number at once, with a bounded queue. */
export function createLimiter({ atOnce, queue, refuse }: LimiterOptions): Limiter {
  let running = 0
  const waiting: (() => void)[] = []
  const enter = async () => {
    if (running < atOnce) {
      running += 1
      return
    }
    if (waiting.length >= queue) throw refuse()
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  // the slot is handed on, never freed in between: a newcomer cannot overtake who waits
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
  return async (task) => {
    await enter()
    try {
      return await task()
    } finally {
      leave()
    }
  }
}
