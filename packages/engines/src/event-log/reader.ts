import { setTimeout as sleep } from 'node:timers/promises'
import { Bell } from '@cinegraph/kit/bell'
import type { Logger } from '@cinegraph/kit/logger'
import type { LogRecord } from './event-log.js'

const IDLE_MS = 60_000
const PAUSE_MS = 1_000

/** What a reader has to know of a partition that it may read. */
export interface Readable {
  readonly partition: number
  /** Where to read on. */
  readonly committed: number
  /** The offset of the next record that is appended. */
  readonly head: number
}

export interface ReaderOptions<L extends Readable> {
  lease: L
  topic: string
  /** Records of a full batch, and how long another waits to become one. */
  maxRecords: number
  maxWaitMs: number
  read: (from: number) => Promise<readonly LogRecord[]>
  /** Where to read on when there are none: the oldest offset that is kept. */
  oldest: () => Promise<number>
  /** How many are processed, from the first on; fewer than all only when `stopping` aborts. */
  deliver: (records: readonly LogRecord[], signals: ReaderSignals) => Promise<number>
  /** False when the lease has run out. */
  commit: (offset: number) => Promise<boolean>
  /** Runs `turn` when it is this reader's turn. */
  inTurn: (turn: () => Promise<void>) => Promise<void>
  log: Logger
}

export interface ReaderSignals {
  readonly stopping: AbortSignal
  readonly signal: AbortSignal
}

/** Reads one leased partition: a batch, its commit, the next batch, until it is told to leave or has lost the lease. */
export class Reader<L extends Readable> {
  private readonly ending = new AbortController()
  private readonly cutting = new AbortController()
  private readonly news = new Bell()
  private head: number
  private committed: number
  /** Where to read on: all before it is processed. */
  position: number
  lost = false
  readonly done: Promise<void>

  constructor(private readonly options: ReaderOptions<L>) {
    this.head = options.lease.head
    this.position = this.committed = options.lease.committed
    this.done = this.run()
  }

  get lease(): L {
    return this.options.lease
  }

  get topic(): string {
    return this.options.topic
  }

  get leaving(): boolean {
    return this.ending.signal.aborted
  }

  /** There are records up to here. */
  hear(head: number): void {
    if (head <= this.head) return
    this.head = head
    this.news.ring()
  }

  /** Ends after the batch in hand. */
  leave(): void {
    this.ending.abort()
  }

  /** The partition may be another's by now: what is in hand is of no use. */
  lose(): void {
    this.lost = true
    this.cut()
  }

  /** Ends without waiting for the batch in hand. */
  cut(): void {
    this.ending.abort()
    this.cutting.abort()
  }

  private async run(): Promise<void> {
    const { inTurn, log, topic, lease } = this.options
    while (!this.leaving) {
      try {
        await this.gathered()
        await inTurn(() => this.turn())
      } catch (error) {
        log.error({ err: error, topic, partition: lease.partition }, 'cannot read on for now')
        await sleep(PAUSE_MS, undefined, { signal: this.ending.signal }).catch(() => {})
      }
    }
  }

  /** Waits for records: for the first of them, then for enough of them or until those there are have waited long enough. */
  private async gathered(): Promise<void> {
    const { maxRecords, maxWaitMs } = this.options
    const { signal } = this.ending
    // a commit that failed is news of its own
    while (this.isIdle && !signal.aborted) await this.news.wait(IDLE_MS, signal)
    const until = performance.now() + maxWaitMs
    while (this.head - this.position < maxRecords && !signal.aborted) {
      const left = until - performance.now()
      if (left <= 0) return
      await this.news.wait(left, signal)
    }
  }

  private get isIdle(): boolean {
    return this.head <= this.position && this.committed === this.position
  }

  private async turn(): Promise<void> {
    const { read, deliver } = this.options
    const { signal: stopping } = this.ending
    await this.commit()
    if (this.isIdle || stopping.aborted) return
    const records = await read(this.position)
    if (records.length === 0) return this.skipSwept()
    const count = await deliver(records, { stopping, signal: this.cutting.signal })
    if (count === 0) return
    this.position = records[count - 1]!.offset + 1
    await this.commit()
  }

  private async commit(): Promise<void> {
    if (this.committed === this.position) return
    const { commit, log, topic, lease } = this.options
    if (await commit(this.position)) {
      this.committed = this.position
      return
    }
    log.warn({ topic, partition: lease.partition }, 'lost the lease before the commit')
    this.lose()
  }

  /** There are records by the head, and none can be read: retention was faster. */
  private async skipSwept(): Promise<void> {
    const { oldest, log, topic, lease } = this.options
    const position = await oldest()
    if (position <= this.position) throw new Error('records are missing')
    const records = position - this.position
    log.error({ topic, partition: lease.partition, records }, 'records were deleted unread')
    this.position = position
  }
}
