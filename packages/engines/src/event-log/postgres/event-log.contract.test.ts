import { randomUUID } from 'node:crypto'
import { ConfigError } from '@cinegraph/kit/config'
import { Registry } from '@cinegraph/kit/metrics'
import { createTestDatabase, openTestPostgres } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPostgres, type Postgres } from '../../postgres/open.js'
import type { EventLogAdapter } from '../contract/adapter.contract.js'
import {
  createLedger,
  createStage,
  keysOf,
  lagOf,
  newGroup,
  newTopic,
  numbered,
  recordOf,
  soon,
  until,
} from '../contract/log-under-test.contract.js'
import type { Batch, Topic } from '../event-log.js'
import { openEventLog } from '../open.js'
import { CHANNEL, groupNews } from './channel.js'
import { Cursors } from './cursors.js'

let postgres: Postgres
let url: string
beforeAll(async () => {
  postgres = await openTestPostgres()
  url = postgres.pool.options.connectionString!
})
const { log, lines } = memoryLog()
const open: EventLogAdapter['open'] = async (settings) =>
  openEventLog({ url, postgres, log, ...settings })
const stage = createStage({ url: async () => url, open, expire: async () => {} })

const partitionIdOf = async ({ name }: Topic) => {
  const { rows } = await postgres.pool.query<{ id: number }>(
    'SELECT id FROM platform.log_partition WHERE topic = $1 ORDER BY partition',
    [name],
  )
  return rows[0]!.id
}

it('takes no partition any more when it stops, though it was about to', async () => {
  const topic = newTopic()
  const group = newGroup()
  const eventLog = await stage.open([topic])
  await eventLog.append(topic.name, numbered(5, ['a']))
  const ledger = createLedger()
  const gate = Promise.withResolvers<undefined>()
  const consumer = await stage.consume(eventLog, {
    ...{ group, topics: [topic.name], maxRecords: 1 },
    handle: (batch) => ledger.handle(batch).then(() => gate.promise),
  })
  const { pool } = postgres
  const isTrue = async (sql: string) =>
    (await pool.query<{ it: boolean }>(`SELECT ${sql} AS it`)).rows[0]!.it
  await until(() => ledger.records.length === 1)
  const client = await pool.connect()
  await client.query('BEGIN; LOCK TABLE platform.log_partition')
  await pool.query('SELECT pg_notify($1, $2)', [CHANNEL, groupNews(group)])
  const waits = `datname = current_database() AND query LIKE '%AS partitions%' AND wait_event_type = 'Lock'`
  await until(() => isTrue(`EXISTS (SELECT FROM pg_stat_activity WHERE ${waits})`))
  const stopped = consumer.stop(soon())
  gate.resolve(undefined)
  const held = `group_name = '${group}' AND consumer_id IS NOT NULL`
  await until(() => isTrue(`NOT EXISTS (SELECT FROM platform.log_cursor WHERE ${held})`))
  client.release(true)
  await stopped
  expect(ledger.values()).toEqual(['0'])
})

describe('an append', () => {
  it('waits for another of its partition that is not committed, and is read after it', async () => {
    const topic = newTopic()
    const eventLog = await stage.open([topic])
    const ledger = createLedger()
    await stage.consume(eventLog, { topics: [topic.name], handle: ledger.handle })
    const slow = await postgres.pool.connect()
    await slow.query('BEGIN')
    await slow.query(`SELECT platform.append_to_log($1, '{0}', $2, '{slow}', '{"{}"}', '{slow}')`, [
      [await partitionIdOf(topic)],
      [randomUUID()],
    ])
    let appended = false
    const quick = eventLog
      .append(topic.name, [recordOf('quick', 'quick')])
      .then(() => (appended = true))
    await until(async () => {
      const { rows } = await postgres.pool.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_locks
         WHERE locktype = 'advisory' AND NOT granted AND database = (
           SELECT oid FROM pg_database WHERE datname = current_database())`,
      )
      return rows[0]!.waiting === 1
    })
    expect(appended).toBe(false)
    expect(ledger.records).toEqual([])
    await slow.query('COMMIT')
    slow.release()
    await quick
    await until(() => ledger.records.length === 2)
    expect(ledger.values()).toEqual(['slow', 'quick'])
  })

  it('that is rolled back leaves no gap', async () => {
    const topic = newTopic()
    const eventLog = await stage.open([topic])
    const client = await postgres.pool.connect()
    await client.query('BEGIN')
    await client.query(`SELECT platform.append_to_log($1, '{0}', $2, '{a}', '{"{}"}', '{a}')`, [
      [await partitionIdOf(topic)],
      [randomUUID()],
    ])
    await client.query('ROLLBACK')
    client.release()
    await eventLog.append(topic.name, numbered(2, ['a']))
    const ledger = createLedger()
    await stage.consume(eventLog, { topics: [topic.name], handle: ledger.handle })
    await until(() => ledger.records.length === 2)
    expect(ledger.records.map(({ offset }) => offset)).toEqual([0, 1])
  })
})

describe('a lease', () => {
  async function twoConsumers() {
    const topic = newTopic()
    await stage.open([topic])
    const group = newGroup()
    const { pool } = postgres
    const [one, other] = [randomUUID(), randomUUID()].map(
      (consumerId) => new Cursors({ pool, group, consumerId, leaseMs: 60_000 }),
    )
    await one!.join([topic.name], 'oldest')
    const expire = () =>
      pool.query(
        `UPDATE platform.log_cursor SET leased_until = clock_timestamp() - interval '1 s' WHERE group_name = $1`,
        [group],
      )
    const committed = async () => {
      const { rows } = await pool.query<{ committed: string }>(
        'SELECT committed FROM platform.log_cursor WHERE group_name = $1',
        [group],
      )
      return Number(rows[0]!.committed)
    }
    return { topic, one: one!, other: other!, expire, committed }
  }

  it('is one consumer’s until it runs out', async () => {
    const { topic, one, other, expire } = await twoConsumers()
    const [lease] = await one.take(topic.name, 5, [])
    expect(await other.take(topic.name, 5, [])).toEqual([])
    await expire()
    const [taken] = await other.take(topic.name, 5, [])
    expect(taken).toEqual({ ...lease, epoch: lease!.epoch + 1 })
    expect(await one.keep([topic.name], [lease!])).toEqual(new Map())
    expect(await other.keep([topic.name], [taken!])).toEqual(
      new Map([[taken!.partitionId, taken!.epoch]]),
    )
  })

  it('that ran out commits nothing, whether somebody has taken over or not', async () => {
    const { topic, one, other, expire, committed } = await twoConsumers()
    const [lease] = await one.take(topic.name, 1, [])
    expect(await one.commit(lease!, 3)).toBe(true)
    await expire()
    expect(await one.commit(lease!, 4)).toBe(false)
    await one.release([{ lease: lease!, position: 5 }])
    const [taken] = await other.take(topic.name, 1, [])
    expect(taken!.committed).toBe(3)
    expect(await one.commit(lease!, 6)).toBe(false)
    await one.release([{ lease: lease!, position: 7 }])
    expect(await committed()).toBe(3)
    expect(await other.commit(taken!, 8)).toBe(true)
    expect(await committed()).toBe(8)
  })

  it('is given to one of many who want it', async () => {
    const { topic, one, other, expire } = await twoConsumers()
    for (let round = 0; round < 20; round++) {
      const takers = Array.from({ length: 8 }, (_, i) => (i % 2 ? one : other))
      const leases = await Promise.all(takers.map((it) => it.take(topic.name, 1, [])))
      expect(leases.flat()).toHaveLength(1)
      await expire()
    }
  })

  /** A consumer with a batch in hand. */
  async function holdBatch(leaseMs: number) {
    const topic = newTopic()
    const eventLog = await stage.open([topic], leaseMs)
    const group = newGroup()
    const batches: Batch[] = []
    const gate = Promise.withResolvers<undefined>()
    await eventLog.append(topic.name, numbered(3, ['a']))
    await stage.consume(eventLog, {
      ...{ group, topics: [topic.name] },
      async handle(batch) {
        batches.push(batch)
        if (batches.length === 1) await gate.promise
      },
    })
    await until(() => batches.length === 1)
    return { eventLog, group, batches, finish: () => gate.resolve(undefined) }
  }

  it('that ran out tells the handler, and gives the batch again only after it has ended', async () => {
    const { eventLog, group, batches, finish } = await holdBatch(300)
    await postgres.pool.query(
      `UPDATE platform.log_cursor SET leased_until = clock_timestamp() - interval '1 s' WHERE group_name = $1`,
      [group],
    )
    await until(() => batches[0]!.signal.aborted)
    // it has asked for its share again since, and was not given what is still in hand here
    const { rows } = await postgres.pool.query<{ at: Date }>('SELECT clock_timestamp() AS at')
    await until(async () => {
      const { rows: later } = await postgres.pool.query(
        `SELECT FROM platform.log_consumer
         WHERE group_name = $1 AND expires_at > $2::timestamptz + interval '400 ms'`,
        [group, rows[0]!.at],
      )
      return later.length > 0
    })
    expect(batches).toHaveLength(1)
    finish()
    await until(async () => (await lagOf(eventLog, group)) === 0)
    expect(batches.map(({ records }) => records.length)).toEqual([3, 3])
  })

  it('of which the consumer does not know is not kept, so that it gets it again', async () => {
    const topic = newTopic()
    const eventLog = await stage.open([topic], 300)
    const group = newGroup()
    const ledger = createLedger()
    await stage.consume(eventLog, { group, topics: [topic.name], handle: ledger.handle })
    // as if it had taken the partition and the answer had been lost
    const { rowCount } = await postgres.pool.query(
      `UPDATE platform.log_cursor SET epoch = epoch + 1, leased_until = clock_timestamp() + interval '1 s'
       WHERE group_name = $1 AND leased_until > clock_timestamp()`,
      [group],
    )
    expect(rowCount).toBe(1)
    await eventLog.append(topic.name, numbered(3, ['a']))
    await until(async () => (await lagOf(eventLog, group)) === 0)
    expect(new Set(ledger.values()).size).toBe(3)
  })

  it('that cannot be kept is given up', async () => {
    const { batches, finish, eventLog, group } = await holdBatch(300)
    const blocker = await postgres.pool.connect()
    await blocker.query('BEGIN; LOCK TABLE platform.log_consumer IN ACCESS EXCLUSIVE MODE')
    await until(() => batches[0]!.signal.aborted)
    await blocker.query('ROLLBACK')
    blocker.release()
    finish()
    await until(async () => (await lagOf(eventLog, group)) === 0)
  })
})

describe('a consumer', () => {
  const endConnections = (application: string) =>
    postgres.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()`,
      [application],
    )

  it('finds records that no notification told of', async () => {
    const topic = newTopic()
    const eventLog = await stage.open([topic])
    const ledger = createLedger()
    await stage.consume(eventLog, { topics: [topic.name], handle: ledger.handle })
    // what append_to_log does but for the notification, which a pooler may swallow
    await postgres.pool.query(
      `WITH head AS (
         UPDATE platform.log_partition SET next_offset = 1 WHERE topic = $1 RETURNING id
       )
       INSERT INTO platform.log_record SELECT id, 0, $2, 'a', '{}', 'quiet', now() FROM head`,
      [topic.name, randomUUID()],
    )
    await until(() => ledger.records.length === 1)
    expect(ledger.values()).toEqual(['quiet'])
  })

  it('goes on when its connections break, and loses nothing', async () => {
    const topic = newTopic(3)
    const eventLog = await stage.open([topic])
    const group = newGroup()
    const ledger = createLedger()
    // connections of its own, which break
    const fragile = openPostgres({ url: `${url}?application_name=fragile`, log })
    await stage.run(fragile)
    const reading = openEventLog({ url, postgres: fragile, topics: [topic], log, leaseMs: 2_000 })
    await stage.run(reading)
    await stage.consume(reading, {
      ...{ group, topics: [topic.name], maxRecords: 10 },
      handle: ledger.handle,
    })
    for (let round = 0; round < 10; round++) {
      await eventLog.append(topic.name, numbered(60, keysOf(12), round * 60))
      await endConnections('fragile')
      await endConnections('cinegraph-listener')
    }
    await until(async () => (await lagOf(eventLog, group)) === 0)
    expect(new Set(ledger.values()).size).toBe(600)
  })

  it('has left for good when it was stopped', async () => {
    const topic = newTopic(4)
    const eventLog = await stage.open([topic])
    const group = newGroup()
    const options = { group, topics: [topic.name], handle: async () => {} }
    const consumers = await Promise.all([1, 2, 3].map(() => stage.consume(eventLog, options)))
    await Promise.all(consumers.map((consumer) => consumer.stop(soon())))
    const { rows } = await postgres.pool.query(
      'SELECT FROM platform.log_consumer WHERE group_name = $1',
      [group],
    )
    expect(rows).toEqual([])
    expect(await eventLog.rewind({ group, topic: topic.name, to: 'oldest' })).toBe('done')
  })
})

it('stops when the database is gone', async () => {
  const topic = newTopic()
  const own = openPostgres({ url, log })
  await own.start()
  const eventLog = openEventLog({ url, postgres: own, topics: [topic], log })
  await eventLog.start()
  const consumer = eventLog.consume({
    ...{ group: newGroup(), topics: [topic.name] },
    handle: async () => {},
  })
  await consumer.start()
  await own.stop(soon())
  await consumer.stop(soon())
  await eventLog.stop(soon())
})

describe('opening', () => {
  it('refuses a topic that is there with other partitions', async () => {
    const topic = newTopic(3)
    await stage.open([topic])
    const changed = await open({ topics: [{ ...topic, partitions: 4 }] })
    await expect(changed.start()).rejects.toThrow(ConfigError)
    await expect(open({ topics: [topic] }).then((it) => it.start())).resolves.toBeUndefined()
  })

  it('makes a topic once, however many start at the same time', async () => {
    const topic = newTopic(12)
    await Promise.all(Array.from({ length: 8 }, () => stage.open([topic])))
    const { rows } = await postgres.pool.query(
      'SELECT partition FROM platform.log_partition WHERE topic = $1 ORDER BY 1',
      [topic.name],
    )
    expect(rows).toEqual(Array.from({ length: 12 }, (_, partition) => ({ partition })))
  })

  it('refuses a database that was not migrated', async () => {
    const empty = await createTestDatabase({ empty: true })
    const unmigrated = await stage.run(openPostgres({ url: empty.url, log }))
    const eventLog = openEventLog({ url: empty.url, postgres: unmigrated, topics: [], log })
    await expect(eventLog.start()).rejects.toThrow('run `npm run migrate`')
  })
})

it('counts what was appended, processed and buried, and tells the lag', async () => {
  const topic = newTopic(2)
  const metrics = new Registry()
  const eventLog = openEventLog({ url, postgres, topics: [topic], log, metrics })
  await stage.run(eventLog)
  const group = newGroup()
  const gate = Promise.withResolvers<undefined>()
  await eventLog.append(topic.name, numbered(8, ['a']))
  await stage.consume(eventLog, {
    ...{ group, topics: [topic.name], maxRecords: 4 },
    async handle({ records, deadLetter }) {
      if (records[0]!.offset > 0) return gate.promise.then(() => {})
      await deadLetter(records[0]!, 'odd')
    },
  })
  const valueOf = async (name: string, labels = {}) => {
    const { values } = await metrics.getSingleMetric(`cinegraph_event_log_${name}`)!.get()
    return values
      .filter((it) => Object.entries(labels).every(([key, value]) => it.labels[key] === value))
      .reduce((sum, { value }) => sum + value, 0)
  }
  await until(async () => (await valueOf('lag', { group })) === 4)
  expect(await valueOf('appended_total', { topic: topic.name })).toBe(8)
  expect(await valueOf('processed_total', { group })).toBe(4)
  expect(await valueOf('dead_letters_total', { group })).toBe(1)
  expect(await valueOf('leases', { group })).toBe(2)
  gate.resolve(undefined)
  await until(async () => (await valueOf('processed_total', { group })) === 8)
  expect(await valueOf('lag', { group })).toBe(0)
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'record is a dead letter', group }))
})
