import { randomBytes } from 'node:crypto'
import type { Clock } from '@cinegraph/kit/clock'
import type { Argument, Redis } from '../../redis/redis.js'
import type { CacheEntryOptions } from '../cache.js'
import { FLIGHT_MS, type SCRIPTS } from './scripts.js'

export type Command = keyof typeof SCRIPTS

/** A value larger than this is not worth the time that Redis and the network need for it. */
export const MAX_VALUE_BYTES = 2 * 1024 * 1024

/** What Redis has under a key. */
export interface Found {
  /** `undefined` when there is nothing, or nothing that is even stale. */
  readonly text: string | undefined
  /** Milliseconds for which it is fresh; 0 or less when it is only stale. */
  readonly freshMs: number
  /** Milliseconds for which it is there at all. */
  readonly staleMs: number
  readonly tags: readonly string[]
  /** Whether the caller is the one who is to make it. */
  readonly mine: boolean
}

/** What is to be forgotten: entries by key, and all entries with one of the tags. */
export interface Forgotten {
  readonly keys: readonly string[]
  readonly tags: readonly string[]
}

export interface Wanted {
  readonly key: string
  readonly options: CacheEntryOptions
}

/** Every entry has this tag: who purges it purges everything. */
export const EVERYTHING = ''

export interface StoreOptions {
  ask: Redis<Command>['ask']
  /** What every key begins with. */
  prefix: string
  /** The server's own clock by default, so that processes need not agree on theirs. */
  now: Clock | undefined
}

/** The scripts as functions. Everything that asks throws a DependencyError when Redis does not answer. */
export class Store {
  readonly #ask: Redis<Command>['ask']
  readonly #prefix: string
  readonly #now: Clock | undefined
  /** Names this process in what it publishes. */
  readonly id = randomBytes(9).toString('base64url')
  /** What is forgotten is published here, see `forgetting`. */
  readonly channel: string
  #tokens = 0

  constructor({ ask, prefix, now }: StoreOptions) {
    this.#ask = ask
    this.#prefix = `${prefix}cache:v1:`
    this.#now = now
    this.channel = `${this.#prefix}forgotten`
  }

  /** Names a flight; never the same again. */
  newToken(): string {
    return `${this.id}${(this.#tokens++).toString(36)}`
  }

  /**
   * In the order of `wanted`. With a token the caller takes on what is absent or stale and nobody makes yet; `late` is called
   * when it turns out that it has, although this was rejected.
   */
  async look(
    wanted: readonly Wanted[],
    token?: { token: string; late: () => void },
  ): Promise<Found[]> {
    const named = wanted.flatMap(({ key, options }) => {
      const tags = tagsOf(options)
      return [key, tags.length, ...tags]
    })
    const args = [...this.#head(), token?.token ?? '', ...named]
    const answers = (await this.#ask('look', args, token?.late)) as LookAnswer[]
    return answers.map(([text, freshMs, staleMs, mine, ...tags]) => ({
      ...{ text: text ?? undefined, freshMs, staleMs, tags },
      mine: mine === 1,
    }))
  }

  /** Writes whatever is under way. False when it was overtaken in its turn. */
  async write(key: string, text: string, options: CacheEntryOptions): Promise<boolean> {
    const token = this.newToken()
    await this.#ask('take', [...this.#head(), token, key, ...tagsOf(options)])
    const [kept] = await this.keep([{ key, text, options }], token)
    return kept!
  }

  /** Keeps what the flight `token` has made, and ends it; false for what was overtaken. */
  async keep(
    made: readonly (Wanted & { text: string | undefined })[],
    token: string,
  ): Promise<boolean[]> {
    const named = made.flatMap(({ key, text = '', options: { ttlMs, staleMs = 0 } }) => [
      ...[key, fits(text) ? text : ''],
      ...[Math.ceil(ttlMs), Math.ceil(staleMs)],
    ])
    const answers = await this.#ask('keep', [...this.#head(), token, ...named])
    return (answers as number[]).map((kept) => kept === 1)
  }

  /** Tells the others that this process lives and still makes `keys`. */
  async holdOn(keys: readonly string[], token: string): Promise<void> {
    await this.#ask('hold', [...this.#head(), token, FLIGHT_MS, ...keys])
  }

  /** Lets others make `keys`. */
  async giveUp(keys: readonly string[], token: string): Promise<void> {
    await this.#ask('hold', this.givingUp(keys, token))
  }

  /** The arguments of `hold` that let others make `keys`. */
  givingUp(keys: readonly string[], token: string): Argument[] {
    return [...this.#head(), token, 0, ...keys]
  }

  /** The arguments of `forget`, which also tells the other processes. */
  forgetting({ keys, tags }: Forgotten): Argument[] {
    const message = JSON.stringify({ from: this.id, keys, tags })
    return [this.#prefix, this.channel, message, keys.length, ...keys, ...tags]
  }

  async forget(forgotten: Forgotten): Promise<void> {
    await this.#ask('forget', this.forgetting(forgotten))
  }

  #head(): Argument[] {
    return [this.#prefix, this.#now?.().getTime() ?? '']
  }
}

type LookAnswer = [
  text: string | null,
  freshMs: number,
  staleMs: number,
  mine: 0 | 1,
  ...tags: string[],
]

/** With the tag of everything. */
export const tagsOf = ({ tags = [] }: CacheEntryOptions) => [EVERYTHING, ...tags]

export const fits = (text: string): boolean => Buffer.byteLength(text) <= MAX_VALUE_BYTES
