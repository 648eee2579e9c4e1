import type { LogRecord } from '../event-log.js'

export interface InboxLimits {
  readonly maxRecords: number
  /** Of values. */
  readonly maxBytes: number
}

/** Records of a partition that were fetched and not read yet. */
export class Inbox {
  private readonly sized: { record: LogRecord; bytes: number }[] = []
  private bytes = 0

  constructor(
    private readonly limits: InboxLimits,
    /** The offset to fetch next. */
    public next: number,
  ) {}

  /** Whether a batch is complete: nothing more has to be fetched before it is read. */
  get isFull(): boolean {
    const { maxRecords, maxBytes } = this.limits
    return this.sized.length >= maxRecords || this.bytes >= maxBytes
  }

  put(records: readonly LogRecord[]): void {
    for (const record of records) {
      const bytes = Buffer.byteLength(record.value)
      this.sized.push({ record, bytes })
      this.bytes += bytes
      this.next = record.offset + 1
    }
  }

  /** As many as are within the limits, or a first one that is larger. */
  take(): LogRecord[] {
    let bytes = 0
    const beyond = this.sized.findIndex((it, index) => {
      bytes += it.bytes
      return index > 0 && (index >= this.limits.maxRecords || bytes > this.limits.maxBytes)
    })
    const taken = this.sized.splice(0, beyond === -1 ? this.sized.length : beyond)
    this.bytes -= taken.reduce((sum, it) => sum + it.bytes, 0)
    return taken.map(({ record }) => record)
  }
}
