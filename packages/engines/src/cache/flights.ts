/** A value being made. */
export interface Flight {
  readonly key: string
  readonly tags: ReadonlySet<string>
  /** Milliseconds of the clock of the flights. */
  readonly begunAt: number
  /** The value as JSON text; `undefined` when there is none. */
  readonly landed: Promise<string | undefined>
  /** Turns false when what it brings was overtaken by a purge, a delete or a write: it must not be kept. */
  readonly current: boolean
}

interface Begin {
  key: string
  tags: readonly string[]
  /** Makes the text, and keeps it while the flight is current. */
  land: (flight: Flight) => Promise<string | undefined>
  /** What goes on when callers have their answer; overtaken and waited for like the rest. Never rejects. */
  behind?: Promise<unknown>
}

/** Values under way, at most one per key that newcomers may share. */
export class Flights {
  readonly #byKey = new Map<string, Flight>()
  // overtaken ones, and those that have landed and still work behind, have left #byKey
  readonly #running = new Map<Flight & { current: boolean }, Promise<unknown>>()

  constructor(private readonly time: () => number) {}

  get(key: string): Flight | undefined {
    return this.#byKey.get(key)
  }

  /** Begins to make `key`. */
  begin({ key, tags, land, behind }: Begin): Flight {
    const leave = () => {
      if (this.#byKey.get(key) === flight) this.#byKey.delete(key)
    }
    // a `land` that fails at once must find its flight recorded
    const landed: Flight['landed'] = Promise.resolve()
      .then(() => land(flight))
      .finally(leave)
    const flight: Flight & { current: boolean } = {
      key,
      tags: new Set(tags),
      begunAt: this.time(),
      landed,
      current: true,
    }
    this.#byKey.set(key, flight)
    const done = Promise.allSettled([landed, behind]).then(() => this.#running.delete(flight))
    this.#running.set(flight, done)
    return flight
  }

  /** Newcomers to `key` make their own; what is under way reaches only those who already wait for it. */
  overtake(key: string): void {
    this.#overtake((flight) => flight.key === key)
  }

  overtakeTagged(tags: readonly string[]): void {
    this.#overtake((flight) => tags.some((tag) => flight.tags.has(tag)))
  }

  /** Resolves when nothing is under way any more; never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  #overtake(isMeant: (flight: Flight) => boolean): void {
    for (const flight of this.#running.keys()) {
      if (!isMeant(flight)) continue
      flight.current = false
      if (this.#byKey.get(flight.key) === flight) this.#byKey.delete(flight.key)
    }
  }
}
