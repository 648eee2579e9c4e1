import { createLogger } from '@cinegraph/kit/logger'
import pg from 'pg'
import { expect, it } from 'vitest'
import { openEventLog } from './open.js'
import type { Topic } from './event-log.js'

const pool = new pg.Pool({ connectionString: 'postgresql://user@127.0.0.1:5432/cinegraph' })
const log = createLogger({ name: 'test' })
const open = (url: string, topics: readonly Topic[] = []) =>
  openEventLog({ url, topics, postgres: { pool }, log })
const OWN = 'postgres://other:secret@127.0.0.1/cinegraph?sslmode=disable'

it('opens the database of the process', () => {
  expect(open(OWN).name).toBe('event-log')
})

it('opens Kafka, without asking it yet', () => {
  expect(open('kafka://user:secret@one:9092,two:9092').name).toBe('event-log')
})

it.each(['', 'cinegraph', 'redis://127.0.0.1', 'memory:'])('refuses %j', (url) => {
  expect(() => open(url)).toThrow('EVENT_LOG_URL: must be a URL that starts with')
})

it('refuses another database', () => {
  expect(() => open('postgresql://user@127.0.0.1/other')).toThrow(
    'EVENT_LOG_URL: a Postgres event log lives in the database of DATABASE_URL',
  )
})

const topic = { name: 'events', partitions: 1, retentionMs: 1 }
it.each<[string, Topic[]]>([
  ['of one name', [topic, topic]],
  ['named like another’s dead letters', [{ ...topic, name: 'a', deadLetters: topic }, topic]],
  ['without a partition', [{ ...topic, partitions: 0 }]],
  ['with too many partitions', [{ ...topic, partitions: 257 }]],
  ['that keep nothing', [{ ...topic, retentionMs: 0 }]],
  ['with an odd name', [{ ...topic, name: 'Events!' }]],
])('refuses topics %s', (_, topics) => {
  expect(() => open(OWN, topics)).toThrow(RangeError)
})
