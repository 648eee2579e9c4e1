import { Entries, type EntriesOptions } from '../entries.js'
import { EVERYTHING, fits, type Forgotten, type Found } from './store.js'

/** Milliseconds for which a process believes what it has seen, without asking Redis again. */
export const BELIEF_MS = 1_000

/** What was seen under a key, and when that was so. */
export type Seen = Omit<Found, 'mine'> & { readonly at: number }

/**
 * What a process remembers of Redis, for a second at most: should it hear of no purge, it is wrong for no longer. What is
 * fresh is not remembered as stale afterwards, so that Redis is asked who is to make it anew.
 */
export class FirstTier {
  readonly #entries: Entries
  #forgotten = 0

  constructor(options: EntriesOptions) {
    this.#entries = new Entries(options)
  }

  get bytes(): number {
    return this.#entries.bytes
  }

  /** Changes when anything is forgotten: what was asked before that must not be remembered after it. */
  get state(): number {
    return this.#forgotten
  }

  read(key: string) {
    return this.#entries.read(key)
  }

  remember(key: string, { text, freshMs, staleMs, tags, at }: Seen): void {
    if (text === undefined || !fits(text)) return
    const fresh = freshMs > 0
    const until = at + Math.min(BELIEF_MS, fresh ? freshMs : staleMs)
    this.#entries.write(key, { text, freshUntil: fresh ? until : 0, staleUntil: until, tags })
  }

  drop(key: string): void {
    this.#entries.delete(key)
  }

  forget({ keys, tags }: Forgotten): void {
    this.#forgotten++
    for (const key of keys) this.#entries.delete(key)
    if (tags.includes(EVERYTHING)) this.#entries.clear()
    else this.#entries.purge(tags)
  }

  clear(): void {
    this.#entries.clear()
  }
}
