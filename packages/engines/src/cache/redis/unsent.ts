import type { Argument } from '../../redis/redis.js'
import { type Command, EVERYTHING, type Forgotten, type Store } from './store.js'

/** Beyond so many keys and tags it is simpler to forget everything. */
const MAX_UNSENT = 10_000

/** What Redis has to hear before it is asked again, because it was away when it was to hear it. Bounded. */
export class Unsent {
  #keys = new Set<string>()
  #tags = new Set<string>()
  #flights: { keys: readonly string[]; token: string }[] = []

  /** What Redis may still have although it was to be forgotten. */
  forget({ keys, tags }: Forgotten): void {
    for (const key of keys) this.#keys.add(key)
    for (const tag of tags) this.#tags.add(tag)
    if (this.#keys.size + this.#tags.size <= MAX_UNSENT) return
    this.#keys = new Set()
    this.#tags = new Set([EVERYTHING])
  }

  /** A flight that began when nobody waited for it any more. */
  giveUp(keys: readonly string[], token: string): void {
    this.#flights.push({ keys, token })
  }

  /** Resolves when nothing is left, whatever came meanwhile. What fails is sent the next time. */
  async send(
    store: Store,
    send: (command: Command, args: readonly Argument[]) => Promise<unknown>,
  ): Promise<void> {
    const flights = this.#flights
    this.#flights = []
    for (const { keys, token } of flights) await send('hold', store.givingUp(keys, token))
    while (this.#keys.size + this.#tags.size > 0) {
      const forgotten = { keys: [...this.#keys], tags: [...this.#tags] }
      this.#keys = new Set()
      this.#tags = new Set()
      try {
        await send('forget', store.forgetting(forgotten))
      } catch (error) {
        this.forget(forgotten)
        throw error
      }
    }
  }
}
