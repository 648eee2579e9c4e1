import { DependencyError } from '@cinegraph/kit/errors'
import type { Readiness } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import { within } from '@cinegraph/kit/within'
import type { SearchIndex } from '../search-index.js'
import type { Unsent } from '../postgres/unsent.js'

const CHECK_EVERY_MS = 1_000

export interface HealthOptions {
  primary: Pick<SearchIndex, 'ready' | 'count' | 'upsert' | 'remove'>
  unsent: Pick<Unsent, 'isEmpty' | 'send'>
  log: Logger
  /** Milliseconds that a look at the primary may take. */
  budgetMs: number
}

/**
 * `behind`: it answers and is written, but lacks documents. `doubted`: it did not answer a question, and whether it is down is
 * being looked at.
 */
export type HealthState = 'down' | 'behind' | 'doubted' | 'up'

/**
 * Whether the primary may be asked: it answers, it is complete, and it was sent all that there is. Looks every second, by whoever
 * asks or not, and sends it what it missed as soon as it answers.
 */
export class Health {
  #state: HealthState = 'down'
  #told = false
  #stopped = false
  #timer: NodeJS.Timeout | undefined
  #checking: Promise<void> | undefined
  #outage = Promise.withResolvers<never>()

  constructor(private readonly options: HealthOptions) {
    this.#outage.promise.catch(() => {})
  }

  get state(): HealthState {
    return this.#state
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

  /** Rejects with a DependencyError when the primary goes down, now that it is not. */
  get outage(): Promise<never> {
    return this.#outage.promise
  }

  goDown(problem: unknown): void {
    this.#outage.reject(new DependencyError('search', 'the index does not answer'))
    this.#passOver('down', problem)
  }

  /** It did not answer one question, which may be to blame itself: looks at once, one time for all who doubt meanwhile. */
  doubt(problem: unknown): void {
    if (this.#state !== 'up') return
    this.#state = 'doubted'
    const reason = reasonOf(problem)
    this.options.log.warn({ reason }, 'Elasticsearch did not answer a question, Postgres does')
    void this.check()
  }

  /** Never rejects. One at a time: who comes meanwhile waits for it. */
  check(): Promise<void> {
    this.#checking ??= this.#look()
      .catch((error: unknown) => this.goDown(error))
      .finally(() => (this.#checking = undefined))
    return this.#checking
  }

  async #look(): Promise<void> {
    const { unsent, log, primary } = this.options
    const readiness = await this.#ask()
    if (!readiness.ready) {
      this.goDown(readiness.reason)
      return
    }
    if (this.#state === 'down') {
      this.#outage = Promise.withResolvers()
      // nobody need wait for it
      this.#outage.promise.catch(() => {})
      // who writes without a pause would otherwise keep it behind for ever
      this.#state = 'behind'
    }
    if (!(await unsent.isEmpty())) {
      this.#passOver('behind', 'it lacks documents that it is being sent')
      await unsent.send(primary)
    }
    // it went meanwhile
    if (this.state === 'down') return
    this.#state = 'up'
    if (this.#told) log.info('searches are answered by Elasticsearch again')
    this.#told = false
  }

  /** What costs it next to nothing, one question among it: it may be there and yet have no time for any. */
  #ask(): Promise<Readiness> {
    const { primary, budgetMs } = this.options
    const ask = async () => {
      const readiness = await primary.ready()
      if (readiness.ready) await primary.count('genre')
      return readiness
    }
    return within(ask(), budgetMs)
  }

  #passOver(state: 'down' | 'behind', problem: unknown): void {
    this.#state = state
    if (this.#told) return
    this.#told = true
    // Postgres as well: it has what Elasticsearch lacks
    const engine = problem instanceof DependencyError ? problem.engine : 'elasticsearch'
    this.options.log.warn(
      { engine, reason: reasonOf(problem) },
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

const reasonOf = (problem: unknown) => (problem instanceof Error ? problem.message : problem)
