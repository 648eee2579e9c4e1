import type { NewRecord } from './event-log.js'

export interface AppenderOptions {
  /** Makes records durable, in one step. */
  write: (records: readonly NewRecord[]) => Promise<void>
  /** Records that are written in one step at most. */
  mostRecords: number
  /** Bytes of keys, headers and values at most, but for a single record that is larger. */
  mostBytes: number
}

interface Call {
  readonly records: readonly NewRecord[]
  readonly settle: PromiseWithResolvers<undefined>
}

/**
 * Appends to one topic, one write after the other. What is asked for while one is under way goes into the next together: a
 * write waits for disks and for others, so many small ones would be slow.
 */
export class Appender {
  private readonly waiting: Call[] = []
  private flight: Promise<void> | undefined

  constructor(private readonly options: AppenderOptions) {}

  async append(records: readonly NewRecord[]): Promise<void> {
    const settle = Promise.withResolvers<undefined>()
    this.waiting.push({ records, settle })
    this.flight ??= this.fly()
    await settle.promise
  }

  /** Resolves when nothing is under way. */
  async drained(): Promise<void> {
    await this.flight
  }

  private async fly(): Promise<void> {
    while (this.waiting.length > 0) await this.writeCalls(this.takeWithinLimits())
    // in the same step: who asks from now on begins the next one
    this.flight = undefined
  }

  private async writeCalls(calls: readonly Call[]): Promise<void> {
    try {
      // a call that alone is more than one write: after a failure the rest of it must not get ahead
      for (const records of this.chunksOf(calls.flatMap((call) => call.records))) {
        await this.options.write(records)
      }
      for (const { settle } of calls) settle.resolve(undefined)
    } catch (error) {
      for (const { settle } of calls) settle.reject(error)
    }
  }

  /** The first calls that fit into one write, or the first one alone. */
  private takeWithinLimits(): Call[] {
    const { mostRecords, mostBytes } = this.options
    const size = { records: 0, bytes: 0 }
    const tooMuch = this.waiting.findIndex(({ records }) => {
      size.records += records.length
      size.bytes += records.reduce((sum, record) => sum + bytesOf(record), 0)
      return size.records > mostRecords || size.bytes > mostBytes
    })
    return this.waiting.splice(0, tooMuch === -1 ? this.waiting.length : Math.max(1, tooMuch))
  }

  private *chunksOf(records: readonly NewRecord[]): Generator<NewRecord[]> {
    const { mostRecords, mostBytes } = this.options
    let chunk: NewRecord[] = []
    let bytes = 0
    for (const record of records) {
      const more = bytesOf(record)
      if (chunk.length > 0 && (chunk.length === mostRecords || bytes + more > mostBytes)) {
        yield chunk
        chunk = []
        bytes = 0
      }
      chunk.push(record)
      bytes += more
    }
    if (chunk.length > 0) yield chunk
  }
}

const bytesOf = ({ key, headers, value }: NewRecord): number =>
  [key, value, ...Object.entries(headers).flat()].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    0,
  )
