import type { Logger } from '@cinegraph/kit/logger'

/** A shorter one is in the metrics only. */
const WORTH_TELLING_MS = 1_000

/** Says in the log that an outage lasts, and that it is over. */
export class Outage {
  #told = false
  #timer: NodeJS.Timeout | undefined

  constructor(
    private readonly log: Logger | undefined,
    private readonly use: string,
  ) {}

  /** `problem` is asked when it is told. */
  begin(reason: string, problem: () => string | undefined): void {
    const tell = () => {
      this.#told = true
      const attributes = { use: this.use, reason, problem: problem() }
      this.log?.warn(attributes, 'redis does not answer and is passed over until it does')
    }
    this.#timer = setTimeout(tell, WORTH_TELLING_MS).unref()
  }

  end(): void {
    this.stop()
    if (this.#told) this.log?.info({ use: this.use }, 'redis answers again')
    this.#told = false
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
