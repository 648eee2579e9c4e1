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
  #told = false
  #stopped = false
  #timer: NodeJS.Timeout | undefined
  #checking: Promise<void> | undefined
  #outage = Promise.withResolvers<never>()

  constructor(private readonly options: HealthOptions) {
    this.#outage.promise.catch(() => {})
  }

  get up(): boolean {
    return this.#up
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

  /** Rejects with a DependencyError when the primary goes down, now that it is up. */
  get outage(): Promise<never> {
    return this.#outage.promise
  }

  goDown(problem: unknown): void {
    this.#up = false
    this.#outage.reject(new DependencyError('search', 'the index does not answer'))
    if (this.#told) return
    this.#told = true
    const reason = problem instanceof Error ? problem.message : problem
    this.options.log.warn({ reason }, 'searches are answered by Postgres until Elasticsearch can')
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
    if (!(await unsent.isEmpty())) {
      this.goDown('it lacks documents that it is being sent')
      await unsent.send(primary)
    }
    if (!this.#up) this.#outage = Promise.withResolvers()
    // nobody need wait for it
    this.#outage.promise.catch(() => {})
    this.#up = true
    if (this.#told) log.info('searches are answered by Elasticsearch again')
    this.#told = false
  }

  #schedule(): void {
    const again = () =>
      void this.check().then(() => {
        if (!this.#stopped) this.#schedule()
      })
    this.#timer = setTimeout(again, CHECK_EVERY_MS).unref()
  }
}
