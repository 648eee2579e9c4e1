/** A value being made. `current` turns false when what it will bring was overtaken by a purge, a delete or a write. */
export interface Flight {
  readonly tags: ReadonlySet<string>
  /** The value as JSON text; `undefined` when there is none. */
  readonly landed: Promise<string | undefined>
  current: boolean
}

/** Values under way, at most one per key that newcomers may share. */
export class Flights {
  readonly #byKey = new Map<string, Flight>()
  // overtaken ones have left #byKey and still run
  readonly #running = new Set<Promise<unknown>>()

  get(key: string): Flight | undefined {
    return this.#byKey.get(key)
  }

  /** Begins to make `key`; `keep` gets the result unless the flight was overtaken meanwhile. */
  begin(options: {
    key: string
    tags: readonly string[]
    make: () => Promise<unknown>
    keep: (text: string | undefined) => void
  }): Flight {
    const { key, make, keep } = options
    const land = async () => {
      try {
        const text = JSON.stringify(await make()) as string | undefined
        if (flight.current) keep(text)
        return text
      } finally {
        if (this.#byKey.get(key) === flight) this.#byKey.delete(key)
      }
    }
    // a `make` that fails at once must find its flight recorded
    const landed = Promise.resolve().then(land)
    const flight: Flight = { tags: new Set(options.tags), landed, current: true }
    this.#byKey.set(key, flight)
    this.#running.add(landed)
    const forget = () => this.#running.delete(landed)
    landed.then(forget, forget)
    return flight
  }

  /** Newcomers to `key` make their own; what is under way reaches only those who already wait for it. */
  overtake(key: string): void {
    const flight = this.#byKey.get(key)
    if (!flight) return
    flight.current = false
    this.#byKey.delete(key)
  }

  overtakeTagged(tags: readonly string[]): void {
    for (const [key, flight] of this.#byKey) {
      if (tags.some((tag) => flight.tags.has(tag))) this.overtake(key)
    }
  }

  /** Resolves when nothing is under way any more; never rejects. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running)
  }
}
