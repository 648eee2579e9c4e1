import { randomUUID } from 'node:crypto'
import type { Service } from '@cinegraph/kit/lifecycle'
import { afterEach, expect, vi } from 'vitest'
import type { Batch, ConsumerOptions, EventLog, LogRecord, NewRecord, Topic } from '../event-log.js'
import type { EventLogAdapter } from './adapter.contract.js'

/** For conditions that hold in milliseconds, on a machine that may have much else to do. */
export const until = (condition: () => unknown) =>
  vi.waitUntil(condition, { timeout: 60_000, interval: 10 })

export const soon = () => AbortSignal.timeout(10_000)

export const recordOf = (key: string, value: string): NewRecord => ({
  id: randomUUID(),
  key,
  headers: {},
  value,
})

/** Records of these keys in turn, whose values count from `from`. */
export const numbered = (count: number, keys: readonly string[], from = 0): NewRecord[] =>
  Array.from({ length: count }, (_, i) => recordOf(keys[i % keys.length]!, String(from + i)))

export const keysOf = (count: number) => Array.from({ length: count }, (_, i) => `key ${i}`)

/** What a consumer was given, in the order in which it was. */
export interface Ledger {
  readonly records: LogRecord[]
  readonly values: () => string[]
  readonly handle: (batch: Pick<Batch, 'records'>) => Promise<void>
}

export function createLedger(): Ledger {
  const records: LogRecord[] = []
  return {
    records,
    values: () => records.map(({ value }) => value),
    handle: async (batch) => void records.push(...batch.records),
  }
}

/** Fails unless the first deliveries of each key are those of `appended`, all of them, in their order. */
export function expectInOrder(
  delivered: readonly Pick<LogRecord, 'key' | 'value'>[],
  appended: readonly Pick<NewRecord, 'key' | 'value'>[],
): void {
  const byKey = (records: readonly Pick<NewRecord, 'key' | 'value'>[]) => {
    const values = new Map<string, Set<string>>()
    for (const { key, value } of records) {
      values.set(key, (values.get(key) ?? new Set()).add(value))
    }
    return Object.fromEntries([...values].map(([key, set]) => [key, [...set]]))
  }
  expect(byKey(delivered)).toEqual(byKey(appended))
}

/** A topic that nobody else uses. */
export function newTopic(partitions = 1): Topic {
  const name = `topic-${randomUUID()}`
  const retentionMs = 3_600_000
  return {
    name,
    partitions,
    retentionMs,
    deadLetters: { name: `${name}.dlq`, partitions: 1, retentionMs },
  }
}

/** Opens logs and consumers for a test and stops them after it. */
export function createStage(adapter: EventLogAdapter) {
  const running: Service[] = []
  afterEach(async () => {
    for (const service of running.splice(0).reverse()) await service.stop(soon())
  })
  const run = async <S extends Service>(service: S): Promise<S> => {
    running.push(service)
    await service.start()
    return service
  }
  return {
    run,
    open: async (topics: readonly Topic[], leaseMs?: number): Promise<EventLog> =>
      run(await adapter.open({ topics, ...(leaseMs !== undefined && { leaseMs }) })),
    /** A running consumer of a group of its own, unless `options` names one. */
    async consume(
      log: EventLog,
      options: Omit<ConsumerOptions, 'group'> & { group?: string },
    ): Promise<Service> {
      const pauseMs = { first: 1, longest: 5 }
      return run(log.consume({ group: newGroup(), pauseMs, ...options }))
    },
  }
}
export type Stage = ReturnType<typeof createStage>

export const newGroup = () => `group-${randomUUID()}`

/** Records that a group has not committed yet. */
export const lagOf = async (log: EventLog, group: string) =>
  (await log.progress(group)).reduce((sum, { lag }) => sum + lag, 0)
