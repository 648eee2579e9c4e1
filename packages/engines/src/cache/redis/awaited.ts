import type { CacheEntryOptions } from '../cache.js'
import type { Flight, Flights } from '../flights.js'
import { tagsOf, type Wanted } from './store.js'

/** A key that this process has no entry for, and those who wait for it. */
export class Awaited implements Wanted {
  readonly flight: Flight
  /** Whether they have their answer; what goes on is to refresh it. */
  landed = false
  readonly #answer = Promise.withResolvers<string | undefined>()

  /** From now on newcomers share it. `over` resolves when nothing goes on for it any more. */
  constructor(
    readonly key: string,
    readonly options: CacheEntryOptions,
    { flights, over }: { flights: Flights; over: Promise<unknown> },
  ) {
    const land = () => this.#answer.promise
    this.flight = flights.begin({ key, tags: tagsOf(options), land, behind: over })
  }

  land(text: string | undefined): void {
    this.landed = true
    this.#answer.resolve(text)
  }

  fail(error: unknown): void {
    this.landed = true
    this.#answer.reject(error)
  }
}
