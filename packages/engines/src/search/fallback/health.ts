import { setTimeout as delay } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
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
  #doubting: Promise<void> | undefined
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
    await Promise.all([this.#checking, this.#doubting])
  }

  /** Rejects with a DependencyError when the primary goes down, now that it is not. */
  get outage(): Promise<never> {
    return this.#outage.promise
  }

  goDown(problem: unknown): void {
    this.#outage.reject(new DependencyError('search', 'the index does not answer'))
    this.#passOver('down', problem)
  }

  /** It did not answer one question, which may be to blame itself: asks at once, one time for all who doubt meanwhile. */
  doubt(problem: unknown): void {
    if (this.#state !== 'up') return
    this.#state = 'doubted'
    // anybody can ask what is late: a line for each would be theirs to fill the log with
    this.options.log.debug({ reason: reasonOf(problem) }, 'a question was late: looking why')
    this.#doubting = this.#ask().then(
      () => {
        if (this.#state === 'doubted') this.#state = 'up'
      },
      (error: unknown) => this.goDown(error),
    )
  }

  /** Never rejects. One at a time: who comes meanwhile waits for it. */
  check(): Promise<void> {
    this.#checking ??= this.#look()
      .catch((error: unknown) => this.goDown(error))
      .finally(() => (this.#checking = undefined))
    return this.#checking
  }

  async #look(): Promise<void> {
    const { unsent, log } = this.options
    await this.#ask()
    if (this.#state === 'down') {
      this.#outage = Promise.withResolvers()
      // nobody need wait for it
      this.#outage.promise.catch(() => {})
      // who writes without a pause would otherwise keep it behind for ever
      this.#state = 'behind'
    }
    if (!(await unsent.isEmpty())) {
      this.#passOver('behind', 'it lacks documents that it is being sent')
      await this.#catchUp()
    }
    // it went meanwhile, or was up before
    if (this.state !== 'behind') return
    this.#state = 'up'
    if (this.#told) log.info('searches are answered by Elasticsearch again')
    this.#told = false
  }

  /** Sends what it lacks, for as long as it answers: a write that waits for it is to hear when it does not. */
  async #catchUp(): Promise<void> {
    const { unsent, primary } = this.options
    const sent = unsent.send(primary).then(() => true)
    sent.catch(() => {})
    while (!(await Promise.race([sent, delay(CHECK_EVERY_MS, false, { ref: false })]))) {
      await this.#ask()
    }
  }

  /** Throws unless it does in time what costs it next to nothing, one question among it: it may be there and have no time for any. */
  #ask(): Promise<void> {
    const { primary, budgetMs } = this.options
    const ask = async () => {
      const readiness = await primary.ready()
      if (!readiness.ready) throw new DependencyError('elasticsearch', readiness.reason)
      await primary.count('genre')
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
