import type { Clock } from '@cinegraph/kit/clock'
import type { Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { createPeriodic } from '@cinegraph/kit/periodic'
import type { LoginPartitionRepository } from '../login-history/login-partition.repository.js'
import { keepPartitions } from '../login-history/login-partitions.js'
import { createHousekeepingMetrics, type HousekeepingMetrics } from './housekeeping.metrics.js'
import type { HousekeepingRepository } from './housekeeping.repository.js'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
// rows that one statement deletes at most
const BATCH = 1_000

/** Rows that nothing needs any more after some time. */
export interface Expiring {
  /** Deletes at most `limit` of those that have expired at `now`. How many it were. */
  deleteExpired(now: Date, limit: number): Promise<number>
}

export interface HousekeepingOptions {
  repository: HousekeepingRepository
  partitions: LoginPartitionRepository
  /** Whole months for which the login history is kept. */
  historyMonths: number
  /** By kind, e.g. `refresh_tokens`: their name in metrics and logs. */
  expiring: Readonly<Record<string, Expiring>>
  log: Logger
  metrics: Registry
  now: Clock
}

/** Keeps the tables in order at start and every hour, in one process at a time. A run that could not begin is due a minute later. */
export function createHousekeeping(options: HousekeepingOptions): Service {
  const housekeeper = new Housekeeper(options)
  return createPeriodic({
    name: 'housekeeping',
    everyMs: HOUR_MS,
    firstAfterMs: 0,
    againAfterMs: MINUTE_MS,
    async work(stopping) {
      await housekeeper.run(stopping)
    },
    log: options.log,
  })
}

export class Housekeeper {
  private readonly metrics: HousekeepingMetrics

  constructor(private readonly options: HousekeepingOptions) {
    this.metrics = createHousekeepingMetrics(options.metrics)
  }

  /**
   * One run; `stopping` ends it early. What fails is logged, the rest goes on, and the next run tries again. False when another
   * process is at it: then nothing was done.
   */
  run(stopping: AbortSignal): Promise<boolean> {
    return this.options.repository.alone(() => this.doAll(stopping), HOUR_MS)
  }

  private async doAll(stopping: AbortSignal): Promise<void> {
    const { expiring, now } = this.options
    let succeeded = await this.attempt('login_history', () => this.keepHistory())
    for (const [kind, rows] of Object.entries(expiring)) {
      if (stopping.aborted) return
      const swept = await this.attempt(kind, () => this.sweep(kind, rows, stopping))
      succeeded &&= swept
    }
    if (succeeded) this.metrics.succeeded.set(now().getTime() / 1000)
  }

  private async attempt(kind: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.metrics.failures.inc({ kind })
      this.options.log.error({ err: error, kind }, 'housekeeping failed')
      return false
    }
  }

  private async keepHistory(): Promise<void> {
    const { partitions, historyMonths: keptMonths, log, now } = this.options
    const { added, dropped } = await keepPartitions(partitions, { now: now(), keptMonths })
    if (added.length + dropped > 0) log.info({ added, dropped }, 'login history partitioned')
    this.metrics.partitions.set(await partitions.count())
  }

  private async sweep(kind: string, rows: Expiring, stopping: AbortSignal): Promise<void> {
    const { now } = this.options
    let deleted: number
    do {
      deleted = await rows.deleteExpired(now(), BATCH)
      this.metrics.swept.inc({ kind }, deleted)
    } while (deleted >= BATCH && !stopping.aborted)
  }
}
