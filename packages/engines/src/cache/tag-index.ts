/** Which keys carry a tag. Holds nothing for a tag without keys, so it cannot outgrow the entries. */
export class TagIndex {
  readonly #keys = new Map<string, Set<string>>()

  /** Number of tags that have keys. */
  get size(): number {
    return this.#keys.size
  }

  add(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.#keys.get(tag)
      if (keys) keys.add(key)
      else this.#keys.set(tag, new Set([key]))
    }
  }

  remove(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.#keys.get(tag)
      keys?.delete(key)
      if (keys?.size === 0) this.#keys.delete(tag)
    }
  }

  /** A snapshot: removing the keys while going through them is safe. */
  keysOf(tag: string): string[] {
    return [...(this.#keys.get(tag) ?? [])]
  }
}
