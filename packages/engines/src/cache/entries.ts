import { LRUCache } from 'lru-cache'
import { TagIndex } from './tag-index.js'

export interface Entry {
  /** The value as JSON. */
  readonly text: string
  /** Milliseconds of the clock that the entries are read by. */
  readonly freshUntil: number
  readonly staleUntil: number
  readonly tags: readonly string[]
}

// what the maps around a small entry weigh; without it a million tiny entries would take ten times the limit
const ENTRY_BYTES = 256

export interface EntriesOptions {
  /** Bytes of keys and JSON texts as UTF-8, and 256 for each entry. The least recently used entries make room. */
  maxBytes: number
  /** Milliseconds that every question about time is answered by. */
  time: () => number
  /** Called for each entry that had to make room. */
  evicted: () => void
}

/** What a process remembers, bounded in bytes. */
export class Entries {
  readonly #tagged = new TagIndex()
  readonly #entries: LRUCache<string, Entry>
  readonly #time: () => number

  constructor({ maxBytes, time, evicted }: EntriesOptions) {
    this.#time = time
    this.#entries = new LRUCache<string, Entry>({
      maxSize: maxBytes,
      sizeCalculation: ({ text }, key) =>
        ENTRY_BYTES + Buffer.byteLength(key) + Buffer.byteLength(text),
      dispose: ({ tags }, key, reason) => {
        this.#tagged.remove(key, tags)
        if (reason === 'evict') evicted()
      },
    })
  }

  get bytes(): number {
    return this.#entries.calculatedSize
  }

  /** `undefined` when it is no longer even stale. */
  read(key: string): (Entry & { fresh: boolean }) | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    const at = this.#time()
    if (at >= entry.staleUntil) {
      this.#entries.delete(key)
      return undefined
    }
    return { ...entry, fresh: at < entry.freshUntil }
  }

  /** One that is larger than all entries may be is not kept, nor the one before it. */
  write(key: string, entry: Entry): void {
    this.#entries.set(key, entry)
    if (this.#entries.peek(key) === entry) this.#tagged.add(key, entry.tags)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  purge(tags: readonly string[]): void {
    for (const key of tags.flatMap((tag) => this.#tagged.keysOf(tag))) this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
