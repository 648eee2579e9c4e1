import { crc32 } from 'node:zlib'
import type pg from 'pg'
import type { NewRecord } from '../event-log.js'
import { ask } from './statements.js'

// of one statement, whatever is appended at once
const MOST_RECORDS = 1_000
const MOST_BYTES = 4 * 1024 * 1024

const APPEND = {
  name: 'append',
  text: 'SELECT platform.append_to_log($1, $2, $3, $4, $5, $6)',
}

interface Call {
  readonly records: readonly NewRecord[]
  readonly settle: PromiseWithResolvers<undefined>
}

/**
 * Appends to one topic, one statement after the other. What is asked for while one is under way goes into the next together:
 * a statement waits for the disk, and for others that append to its partitions, so many small ones would be slow.
 */
export class Appender {
  private readonly waiting: Call[] = []
  private flight: Promise<void> | undefined

  constructor(
    private readonly pool: pg.Pool,
    private readonly partitionIds: readonly number[],
  ) {}

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
    while (this.waiting.length > 0) await this.writeCalls(takeWithinLimits(this.waiting))
    // in the same step: who asks from now on begins the next one
    this.flight = undefined
  }

  private async writeCalls(calls: readonly Call[]): Promise<void> {
    try {
      // a call that alone is more than one statement: after a failure the rest of it must not get ahead
      for (const records of chunksOf(calls.flatMap((call) => call.records))) {
        await this.write(records)
      }
      for (const { settle } of calls) settle.resolve(undefined)
    } catch (error) {
      for (const { settle } of calls) settle.reject(error)
    }
  }

  private async write(records: readonly NewRecord[]): Promise<void> {
    const counts = new Map<number, number>()
    const places = records.map(({ key }) => {
      const id = this.partitionIds[crc32(key) % this.partitionIds.length]!
      const place = counts.get(id) ?? 0
      counts.set(id, place + 1)
      return { id, place }
    })
    await ask(this.pool, APPEND, [
      places.map(({ id }) => id),
      places.map(({ place }) => place),
      records.map(({ id }) => id),
      records.map(({ key }) => key),
      records.map(({ headers }) => JSON.stringify(headers)),
      records.map(({ value }) => value),
    ])
  }
}

/** The first calls that fit into one statement, or the first one alone. */
function takeWithinLimits(waiting: Call[]): Call[] {
  const size = { records: 0, bytes: 0 }
  const fitting = waiting.findIndex(({ records }) => {
    size.records += records.length
    size.bytes += bytesOf(records)
    return size.records > MOST_RECORDS || size.bytes > MOST_BYTES
  })
  return waiting.splice(0, fitting === -1 ? waiting.length : Math.max(1, fitting))
}

function* chunksOf(records: readonly NewRecord[]): Generator<NewRecord[]> {
  let chunk: NewRecord[] = []
  let bytes = 0
  for (const record of records) {
    const more = bytesOf([record])
    if (chunk.length > 0 && (chunk.length === MOST_RECORDS || bytes + more > MOST_BYTES)) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(record)
    bytes += more
  }
  if (chunk.length > 0) yield chunk
}

const bytesOf = (records: readonly NewRecord[]) =>
  records.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0)
