import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { SearchIndex } from '../search-index.js'
import type { Unsent } from '../postgres/unsent.js'

const CHECK_EVERY_MS = 1_000

export interface HealthOptions {
  primary: Pick<SearchIndex, 'ready' | 'upsert' | 'remove'>
  unsent: Unsent
  log: Logger
}

/**
 * Whether the primary may be asked: it answers, it is complete, and it was sent all that there is. Looks every second, by whoever
 * asks or not, and sends it what it missed as soon as it answers.
 */
export class Health {
  #up = false
  #answers = false
  #told = false
  #stopped = false
  #timer: NodeJS.Timeout | undefined
  #checking: Promise<void> | undefined
  #outage = Promise.withResolvers<never>()

  constructor(private readonly options: HealthOptions) {
    this.#outage.promise.catch(() => {})
  }

  /** Whether it may be asked. */
  get up(): boolean {
    return this.#up
  }

  /** Whether it may be written, though it may lack what was written before. */
  get answers(): boolean {
    return this.#answers
  }

  async start(): Promise<void> {
    await this.check()
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#checking
  }

  /** Rejects with a DependencyError when the primary goes down, now that it answers. */
  get outage(): Promise<never> {
    return this.#outage.promise
  }

  goDown(problem: unknown): void {
    this.#answers = false
    this.#outage.reject(new DependencyError('search', 'the index does not answer'))
    const reason = problem instanceof Error ? problem.message : problem
    // Postgres as well: it has what Elasticsearch lacks
    this.#passOver(problem instanceof DependencyError ? problem.engine : 'elasticsearch', reason)
  }

  /** Never rejects. One at a time: who comes meanwhile waits for it. */
  check(): Promise<void> {
    this.#checking ??= this.#look()
      .catch((error: unknown) => this.goDown(error))
      .finally(() => (this.#checking = undefined))
    return this.#checking
  }

  async #look(): Promise<void> {
    const { primary, unsent, log } = this.options
    const readiness = await primary.ready()
    if (!readiness.ready) {
      this.goDown(readiness.reason)
      return
    }
    if (!this.#answers) {
      this.#outage = Promise.withResolvers()
      // nobody need wait for it
      this.#outage.promise.catch(() => {})
      // who writes without a pause would otherwise keep it behind for ever
      this.#answers = true
    }
    if (!(await unsent.isEmpty())) {
      this.#passOver('elasticsearch', 'it lacks documents that it is being sent')
      await unsent.send(primary)
    }
    // it went meanwhile
    if (!this.answers) return
    this.#up = true
    if (this.#told) log.info('searches are answered by Elasticsearch again')
    this.#told = false
  }

  #passOver(engine: string, reason: unknown): void {
    this.#up = false
    if (this.#told) return
    this.#told = true
    this.options.log.warn(
      { engine, reason },
      'searches are answered by Postgres until Elasticsearch can',
    )
  }

  #schedule(): void {
    const again = () =>
      void this.check().then(() => {
        if (!this.#stopped) this.#schedule()
      })
    this.#timer = setTimeout(again, CHECK_EVERY_MS).unref()
  }
}
