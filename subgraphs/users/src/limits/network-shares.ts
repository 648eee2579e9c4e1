import type { Network } from './client-network.js'

/** Does a task for a sender, and refuses one more when the sender has its share of tasks that are not done. */
export type Shares = <T>(networks: readonly Network[], task: () => Promise<T>) => Promise<T>

export interface SharesOptions {
  /** Tasks of one sender at a time. */
  readonly most: number
  /** The error of one more. */
  readonly refuse: () => Error
}

/** Keeps one sender from taking all the places of a queue. */
export function createShares({ most, refuse }: SharesOptions): Shares {
  const taken = new Map<string, number>()
  const add = (networks: readonly Network[], amount: 1 | -1) => {
    for (const { name } of networks) {
      const now = (taken.get(name) ?? 0) + amount
      if (now === 0) taken.delete(name)
      else taken.set(name, now)
    }
  }
  return async (networks, task) => {
    const full = networks.some(({ name, times }) => (taken.get(name) ?? 0) >= most * times)
    if (full) throw refuse()
    add(networks, 1)
    try {
      return await task()
    } finally {
      add(networks, -1)
    }
  }
}
