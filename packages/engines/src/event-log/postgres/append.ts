import { crc32 } from 'node:zlib'
import type pg from 'pg'
import { Appender } from '../appender.js'
import { ask } from './statements.js'

// of one statement, whatever is appended at once
const MOST_RECORDS = 1_000
const MOST_BYTES = 4 * 1024 * 1024

const APPEND = {
  name: 'append',
  text: 'SELECT platform.append_to_log($1, $2, $3, $4, $5, $6)',
}

/** For a topic whose partitions have these ids. */
export function createAppender(pool: pg.Pool, partitionIds: readonly number[]): Appender {
  return new Appender({
    mostRecords: MOST_RECORDS,
    mostBytes: MOST_BYTES,
    async write(records) {
      const counts = new Map<number, number>()
      const places = records.map(({ key }) => {
        const id = partitionIds[crc32(key) % partitionIds.length]!
        const place = counts.get(id) ?? 0
        counts.set(id, place + 1)
        return { id, place }
      })
      await ask(pool, APPEND, [
        places.map(({ id }) => id),
        places.map(({ place }) => place),
        records.map(({ id }) => id),
        records.map(({ key }) => key),
        records.map(({ headers }) => JSON.stringify(headers)),
        records.map(({ value }) => value),
      ])
    },
  })
}
