import { randomUUID } from 'node:crypto'
import { DependencyError } from '@cinegraph/kit/errors'
import { Registry } from '@cinegraph/kit/metrics'
import { memoryLog } from '@cinegraph/testkit/log'
import { beforeEach, describe, expect, test } from 'vitest'
import { deliver, type DeliveryOptions } from './deliver.js'
import type { Batch, LogRecord } from './event-log.js'
import { createEventLogMetrics, groupMetrics } from './metrics.js'

const LONG_MS = 3_600_000

const recordsOf = (...values: string[]): LogRecord[] =>
  values.map((value, offset) => ({
    ...{ id: randomUUID(), key: 'key', headers: {}, value },
    ...{ topic: 'topic', partition: 0, offset, appendedAt: new Date(0) },
  }))

let stopping: AbortController
let buried: { value: string; reason: unknown; attempts: number }[]
let options: DeliveryOptions
beforeEach(() => {
  stopping = new AbortController()
  buried = []
  const registry = new Registry()
  const metrics = createEventLogMetrics({
    registry,
    engine: 'postgres',
    groups: () => [],
    progress: async () => [],
  })
  options = {
    ...{ topic: 'topic', partition: 0, handle: async () => {} },
    ...{ maxAttempts: 3, pauseMs: { first: 1, longest: 2 } },
    stopping: stopping.signal,
    signal: new AbortController().signal,
    bury: async ({ value }, reason, attempts) => void buried.push({ value, reason, attempts }),
    metrics: groupMetrics(metrics, 'group'),
    log: memoryLog().log,
  }
})

const valuesOf = ({ records }: Batch) => records.map(({ value }) => value).join('')

test('records that a handler takes are processed in one go', async () => {
  const given: string[] = []
  const handle = async (batch: Batch) => void given.push(valuesOf(batch))
  expect(await deliver(recordsOf('a', 'b', 'c'), { ...options, handle })).toBe(3)
  expect(given).toEqual(['abc'])
})

test('after an error each is given alone, and the one that fails again and again is buried', async () => {
  const given: string[] = []
  const handle = async (batch: Batch) => {
    given.push(valuesOf(batch))
    if (valuesOf(batch).includes('b')) throw new Error(`no ${valuesOf(batch)}`)
  }
  expect(await deliver(recordsOf('a', 'b', 'c'), { ...options, handle })).toBe(3)
  expect(given).toEqual(['abc', 'a', 'b', 'b', 'b', 'c'])
  expect(buried).toEqual([{ value: 'b', reason: new Error('no b'), attempts: 3 }])
})

test.each([1, 2, 5])('one that comes alone is given %i times too', async (maxAttempts) => {
  let attempts = 0
  const handle = async () => {
    attempts++
    throw new Error('never')
  }
  expect(await deliver(recordsOf('a'), { ...options, handle, maxAttempts })).toBe(1)
  expect(attempts).toBe(maxAttempts)
  expect(buried).toMatchObject([{ value: 'a', attempts: maxAttempts }])
})

describe('a stop', () => {
  test('in a pause between attempts leaves the rest unprocessed', async () => {
    const handle = async (batch: Batch) => {
      if (!valuesOf(batch).includes('b')) return
      if (batch.records.length === 1) stopping.abort()
      throw new Error('no b')
    }
    const slow = { ...options, handle, pauseMs: { first: LONG_MS, longest: LONG_MS } }
    expect(await deliver(recordsOf('a', 'b', 'c'), slow)).toBe(1)
    expect(buried).toEqual([])
  })

  test('in an outage leaves all unprocessed', async () => {
    const handle = async () => {
      setImmediate(() => stopping.abort())
      throw new DependencyError('search', 'does not answer')
    }
    const slow = { ...options, handle, pauseMs: { first: LONG_MS, longest: LONG_MS } }
    expect(await deliver(recordsOf('a', 'b'), slow)).toBe(0)
  })

  test('that makes the handler give up buries nothing', async () => {
    const handle = async () => {
      stopping.abort()
      throw new Error('aborted')
    }
    expect(await deliver(recordsOf('a'), { ...options, handle, maxAttempts: 1 })).toBe(0)
    expect(buried).toEqual([])
  })

  test('lets a batch in hand be processed', async () => {
    const handle = async () => stopping.abort()
    expect(await deliver(recordsOf('a', 'b'), { ...options, handle })).toBe(2)
  })
})

test('an outage of the dead letters is waited out', async () => {
  let outages = 3
  const bury: typeof options.bury = async (...burial) => {
    if (outages-- > 0) throw new DependencyError('event-log', 'does not answer')
    await options.bury!(...burial)
  }
  const handle = async () => {
    throw new Error('never')
  }
  expect(await deliver(recordsOf('a'), { ...options, handle, bury })).toBe(1)
  expect(buried).toHaveLength(1)
})
