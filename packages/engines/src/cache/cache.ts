import type { Service } from '@cinegraph/kit/lifecycle'

export interface CacheEntryOptions {
  /** Milliseconds for which the value is fresh. */
  readonly ttlMs: number
  /** Further milliseconds in which `load` may answer with the old value while it fetches a new one. */
  readonly staleMs?: number
  /** Names by which `purge` finds the entry, e.g. `film:<id>`. */
  readonly tags?: readonly string[]
}

/**
 * Values that may be lost at any time. They are JSON: what is read is a copy, never the object that was written,
 * and a Date comes back as a string even from the `load` that made it.
 * A failing engine is a miss, never an error.
 */
export interface Cache extends Service {
  /** The value while it is fresh. */
  get<T>(key: string): Promise<T | undefined>
  /** In the order of `keys`. */
  getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]>
  /** A value larger than the whole cache is not kept; `undefined` removes the old one. */
  set(key: string, value: unknown, options: CacheEntryOptions): Promise<void>
  delete(key: string): Promise<void>
  /** Removes every entry that has one of the tags. A `load` under way when it is called does not bring the old value back. */
  purge(tags: readonly string[]): Promise<void>
  /**
   * The value of `key`, made by `make` when it is absent. Callers at the same time share one `make`; its failure reaches all
   * of them and is not kept. While the value is stale all callers get it at once and one `make` runs behind their backs;
   * its failure is logged and the old value stays until it is no longer stale. `null` is a value and is kept; `undefined` is not.
   */
  load<T>(key: string, options: CacheEntryOptions, make: () => Promise<T>): Promise<T>
  /**
   * `load` for many keys, in their order: one `makeMissing` makes what is absent or stale and nobody makes already, and gives it by key;
   * a key that it leaves out has no value. Is rejected when any of the absent ones cannot be made.
   */
  loadMany<T>(
    keys: readonly string[],
    options: (key: string) => CacheEntryOptions,
    makeMissing: (missing: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  ): Promise<(T | undefined)[]>
}
