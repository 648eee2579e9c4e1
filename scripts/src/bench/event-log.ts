import { randomUUID } from 'node:crypto'
import { migrate } from '@cinegraph/embedded/migrations'
import type { EventLog, NewRecord } from '@cinegraph/engines/event-log/event-log'
import { openEventLog } from '@cinegraph/engines/event-log/open'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { startAll, stopAll } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import type { Progress } from '@cinegraph/kit/progress'
import { MIGRATIONS } from '../paths.js'
import { compare, type Comparison, describeComparison } from './compare.js'

export interface EventLogRounds {
  readonly appends: number
  readonly reads: number
}

/** A minute. */
export const FULL: EventLogRounds = { appends: 60, reads: 12 }
/** Whether it runs; the figures mean nothing. */
export const QUICK: EventLogRounds = { appends: 2, reads: 1 }

const BATCH = 1_000
const CALLERS = 200
const READ_RECORDS = 20_000
/** Records of a batch, hence of a commit. */
export const PAGE = 500
const STOP_MS = 10_000
const TOPIC = { name: 'bench', partitions: 12, retentionMs: 86_400_000 }

/** Records of each measurement, and how it went. */
export type EventLogReport = readonly {
  readonly title: string
  readonly records: number
  readonly comparison: Comparison
}[]

/** Measures the event log in Postgres beside plain statements on a table of the same columns, on an empty database. */
export async function benchEventLog(
  databaseUrl: string,
  rounds: EventLogRounds,
  progress: Progress,
): Promise<EventLogReport> {
  await migrate(databaseUrl, MIGRATIONS)
  const log = createLogger({ name: 'bench', level: 'error' })
  const postgres = openPostgres({ url: databaseUrl, log })
  const eventLog = openEventLog({ url: databaseUrl, postgres, topics: [TOPIC], log })
  await startAll([postgres, eventLog])
  const measure = async (title: string, records: number, compared: () => Promise<Comparison>) => {
    const comparison = await progress.step(title, compared, () => 'measured')
    return { title, records, comparison }
  }
  try {
    const plain = await openPlainTable(postgres)
    return [
      await measure('append a batch', BATCH, () => compareBatches(eventLog, plain, rounds)),
      await measure('many callers', CALLERS, () => compareCallers(eventLog, plain, rounds)),
      await measure('consume', READ_RECORDS, () => compareReads(eventLog, plain, rounds)),
    ]
  } finally {
    await stopAll([postgres, eventLog], AbortSignal.timeout(STOP_MS))
  }
}

const compareBatches = (
  eventLog: EventLog,
  plain: PlainTable,
  { appends: rounds }: EventLogRounds,
) =>
  compare({
    baseline: { name: 'INSERT', run: () => plain.insert(recordsOf(BATCH)) },
    candidate: { name: 'append', run: () => eventLog.append(TOPIC.name, recordsOf(BATCH)) },
    rounds,
  })

/** As many requests would that each wait for their event to be durable. */
const compareCallers = (
  eventLog: EventLog,
  plain: PlainTable,
  { appends: rounds }: EventLogRounds,
) => {
  const each = async (write: (record: NewRecord) => Promise<void>) => {
    await Promise.all(recordsOf(CALLERS).map(write))
  }
  return compare({
    baseline: { name: 'INSERT', run: () => each((record) => plain.insert([record])) },
    candidate: { name: 'append', run: () => each((it) => eventLog.append(TOPIC.name, [it])) },
    rounds,
  })
}

async function compareReads(
  eventLog: EventLog,
  plain: PlainTable,
  { reads: rounds }: EventLogRounds,
) {
  await plain.clear()
  const records = recordsOf(READ_RECORDS)
  await plain.insert(records)
  const group = 'bench'
  await eventLog.rewind({ group, topic: TOPIC.name, to: 'newest' })
  const before = new Date()
  await eventLog.append(TOPIC.name, records)
  return compare({
    baseline: { name: 'SELECT by pages', run: () => plain.readAll() },
    candidate: {
      name: 'consume',
      async run() {
        await eventLog.rewind({ group, topic: TOPIC.name, to: before })
        return consumeAll(eventLog, { group, topic: TOPIC.name, count: READ_RECORDS })
      },
    },
    rounds,
  })
}

/** Joins the group, reads `count` records, commits and leaves. Returns how many were read. */
export async function consumeAll(
  eventLog: EventLog,
  { group, topic, count }: { group: string; topic: string; count: number },
): Promise<number> {
  const done = Promise.withResolvers<undefined>()
  let read = 0
  const consumer = eventLog.consume({
    ...{ group, topics: [topic], maxRecords: PAGE },
    async handle({ records }) {
      read += records.length
      if (read >= count) done.resolve(undefined)
    },
  })
  await consumer.start()
  await done.promise
  // commits what was in hand
  await consumer.stop(AbortSignal.timeout(STOP_MS))
  return read
}

const value = JSON.stringify({
  filmId: randomUUID(),
  version: 7,
  change: 'EDITED',
  text: 'x'.repeat(200),
})

export const recordsOf = (count: number): NewRecord[] =>
  Array.from({ length: count }, () => ({
    ...{ id: randomUUID(), key: randomUUID(), value },
    headers: { event: 'film.changed.v1', 'occurred-at': new Date(0).toISOString() },
  }))

type PlainTable = Awaited<ReturnType<typeof openPlainTable>>

async function openPlainTable({ pool }: Postgres) {
  await pool.query(`CREATE TABLE plain_record (
    "offset" bigserial PRIMARY KEY, id uuid, key text, headers json, value text, appended_at timestamptz DEFAULT now()
  )`)
  return {
    clear: () => pool.query('TRUNCATE plain_record RESTART IDENTITY'),
    async insert(records: readonly NewRecord[]) {
      await pool.query({
        name: 'plain_insert',
        text: `INSERT INTO plain_record (id, key, headers, value)
          SELECT * FROM unnest($1::uuid[], $2::text[], $3::json[], $4::text[])`,
        values: [
          records.map(({ id }) => id),
          records.map(({ key }) => key),
          records.map(({ headers }) => JSON.stringify(headers)),
          records.map((it) => it.value),
        ],
      })
    },
    async readAll() {
      let last = 0
      let count = 0
      for (;;) {
        const { rows } = await pool.query<{ offset: string }>({
          name: 'plain_select',
          text: 'SELECT * FROM plain_record WHERE "offset" > $1 ORDER BY "offset" LIMIT $2',
          values: [last, PAGE],
        })
        if (rows.length === 0) return count
        count += rows.length
        last = Number(rows.at(-1)!.offset)
      }
    },
  }
}

export const describeEventLog = (report: EventLogReport): string =>
  report.map(describeMeasurement).join('\n\n')

function describeMeasurement({ title, records, comparison }: EventLogReport[number]): string {
  const { baseline, candidate } = comparison
  const rate = ({ name, p50 }: Comparison['baseline']) =>
    `${name} ${Math.round((records / p50) * 1000).toLocaleString('en')}`
  return [
    describeComparison(`${title}: ${records.toLocaleString('en')} records`, comparison),
    `  records a second: ${rate(candidate)}, ${rate(baseline)}`,
  ].join('\n')
}
