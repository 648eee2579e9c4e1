import { setTimeout as sleep } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { Batch, ConsumerOptions, LogRecord } from './event-log.js'
import type { GroupMetrics } from './metrics.js'

/** Puts a record among the dead letters, after so many attempts to process it. */
export type Bury = (record: LogRecord, reason: unknown, attempts: number) => Promise<void>

type Handling = Required<Pick<ConsumerOptions, 'handle' | 'maxAttempts' | 'pauseMs'>>

export interface DeliveryOptions extends Handling {
  topic: string
  partition: number
  /** Undefined when the topic has no dead letters. */
  bury: Bury | undefined
  /** Aborts when no further attempt is wanted: what is unprocessed then is delivered again one day. */
  stopping: AbortSignal
  /** The handler's own signal, of Batch. */
  signal: AbortSignal
  metrics: GroupMetrics
  log: Logger
}

type Outcome = { result: 'processed' | 'stopped' } | { result: 'failed'; error: unknown }

const STOPPED: Outcome = { result: 'stopped' }

/**
 * Gives records of a partition to the handler as ConsumerOptions says, which every adapter does alike. How many are processed,
 * from the first on: all of them, unless `stopping` aborts.
 */
export const deliver = (records: readonly LogRecord[], options: DeliveryOptions): Promise<number> =>
  new Delivery(options).deliver(records)

class Delivery {
  constructor(private readonly options: DeliveryOptions) {}

  async deliver(records: readonly LogRecord[]): Promise<number> {
    const whole = await this.attempt(records, 1)
    if (whole.result !== 'failed') return whole.result === 'processed' ? records.length : 0
    // one of a single record has been tried alone already
    const firstAttempt = records.length === 1 ? 2 : 1
    for (const [index, record] of records.entries()) {
      const processed = await this.deliverAlone(record, { firstAttempt, error: whole.error })
      if (!processed) return index
    }
    return records.length
  }

  private async deliverAlone(
    record: LogRecord,
    { firstAttempt, error }: { firstAttempt: number; error: unknown },
  ): Promise<boolean> {
    const { maxAttempts, bury } = this.options
    let failure = error
    // where nothing can be buried, nothing is left behind either
    for (let attempt = firstAttempt; !bury || attempt <= maxAttempts; attempt++) {
      if (attempt > 1 && !(await this.pause(attempt - 1))) return false
      const outcome = await this.attempt([record], attempt)
      if (outcome.result !== 'failed') return outcome.result === 'processed'
      failure = outcome.error
    }
    const buried = await this.throughOutages(() => bury(record, failure, maxAttempts))
    if (buried.result === 'failed') throw buried.error
    return buried.result === 'processed'
  }

  private async attempt(records: readonly LogRecord[], attempt: number): Promise<Outcome> {
    const { handle, metrics } = this.options
    const outcome = await this.throughOutages(() => handle(this.batchOf(records, attempt)))
    if (outcome.result === 'failed') {
      metrics.failed(this.options.topic, 'error')
      this.tell(outcome.error, { records, attempt })
    }
    return outcome
  }

  /** Repeats `work` as long as an engine does not answer. */
  private async throughOutages(work: () => Promise<void>): Promise<Outcome> {
    const { stopping, metrics, topic } = this.options
    for (let outages = 1; ; outages++) {
      try {
        await work()
        return { result: 'processed' }
      } catch (error) {
        // a handler that was told to give up may throw what it likes
        if (stopping.aborted) return STOPPED
        if (!(error instanceof DependencyError)) return { result: 'failed', error }
        metrics.failed(topic, 'outage')
        this.tell(error, { attempt: outages })
      }
      if (!(await this.pause(outages))) return STOPPED
    }
  }

  /** False when `stopping` aborted. */
  private async pause(attempts: number): Promise<boolean> {
    const { pauseMs, stopping } = this.options
    const ms = Math.min(pauseMs.longest, pauseMs.first * 2 ** (attempts - 1))
    return sleep(ms, true, { signal: stopping }).catch(() => false)
  }

  private batchOf(records: readonly LogRecord[], attempt: number): Batch {
    const { topic, partition, signal, bury } = this.options
    return {
      topic,
      partition,
      records,
      signal,
      async deadLetter(record, reason) {
        if (!bury) throw new Error(`${topic} has no dead letters`)
        await bury(record, reason, attempt)
      },
    }
  }

  private tell(
    error: unknown,
    { records, attempt }: { records?: readonly LogRecord[]; attempt: number },
  ): void {
    const { log, topic, partition } = this.options
    const offset = records?.[0]?.offset
    const at = { topic, partition, attempt, ...(offset !== undefined && { offset }) }
    log.warn({ err: error, ...at }, 'records could not be processed')
  }
}
