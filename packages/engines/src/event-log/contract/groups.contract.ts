import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { EventLog, Topic } from '../event-log.js'
import type { EventLogAdapter } from './adapter.contract.js'
import type { ConsumerProcess, Line, Processed } from './consumer-process.contract.js'
import {
  createLedger,
  createStage,
  expectInOrder,
  keysOf,
  lagOf,
  newGroup,
  newTopic,
  numbered,
  soon,
  until,
} from './log-under-test.contract.js'

const LEASE_MS = 1_500
// several processes are started, and others may be busy too
const START_MS = 60_000
const PROCESSES_MS = 150_000
// enough for everybody to have some in hand
const MOST_BEHIND = 600

export function describeGroups(adapter: EventLogAdapter): void {
  describe('a group', () => {
    const stage = createStage(adapter)
    const children: ChildProcess[] = []
    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL')
    })

    it('shares its partitions fairly as consumers come and go', async () => {
      const topic = newTopic(6)
      const log = await stage.open([topic])
      const group = newGroup()
      const lastReader = new Map<number, string>()
      const consumer = (name: string) =>
        stage.consume(log, {
          ...{ group, topics: [topic.name] },
          handle: async ({ partition }) => void lastReader.set(partition, name),
        })
      /** How many partitions each consumer has, the busiest first. */
      const shares = async () => {
        lastReader.clear()
        await log.append(topic.name, numbered(60, keysOf(60)))
        await until(() => lastReader.size === 6)
        const counts = new Map<string, number>()
        for (const name of lastReader.values()) counts.set(name, (counts.get(name) ?? 0) + 1)
        return [...counts.values()].sort((a, b) => b - a).join()
      }
      const first = await consumer('first')
      await until(async () => (await shares()) === '6')
      const second = await consumer('second')
      await until(async () => (await shares()) === '3,3')
      for (const name of ['third', 'fourth']) await consumer(name)
      await until(async () => (await shares()) === '2,2,1,1')
      await first.stop(soon())
      await until(async () => (await shares()) === '2,2,2')
      await second.stop(soon())
      await until(async () => (await shares()) === '3,3')
    })

    it('leaves consumers without a partition in reserve', async () => {
      const topic = newTopic(1)
      const log = await stage.open([topic])
      const group = newGroup()
      const readers: string[] = []
      const consumer = (name: string) =>
        stage.consume(log, {
          ...{ group, topics: [topic.name] },
          handle: async () => void readers.push(name),
        })
      const consumers = [await consumer('a'), await consumer('b')]
      await log.append(topic.name, numbered(1, ['key']))
      await until(() => readers.length === 1)
      await consumers[readers[0] === 'a' ? 0 : 1]!.stop(soon())
      await log.append(topic.name, numbered(1, ['key']))
      await until(() => readers.length === 2)
      expect(readers.toSorted()).toEqual(['a', 'b'])
    })

    it('keeps the order of each key while consumers come and go under load', async () => {
      const topic = newTopic(6)
      const log = await stage.open([topic])
      const group = newGroup()
      const ledger = createLedger()
      const consumer = () =>
        stage.consume(log, {
          ...{ group, topics: [topic.name], maxRecords: 10 },
          async handle(batch) {
            // in hand while partitions move
            await setImmediate()
            await ledger.handle(batch)
          },
        })
      const consumers = [await consumer()]
      const appending = startAppending(log, topic, group)
      for (const change of ['come', 'come', 'go', 'come', 'go', 'go']) {
        const { length } = ledger.records
        if (change === 'come') consumers.push(await consumer())
        else await consumers.shift()!.stop(soon())
        await until(() => ledger.records.length > length + 200)
      }
      await appending.stop()
      await until(async () => (await lagOf(log, group)) === 0)
      expectInOrder(ledger.records, appending.appended)
    })

    /** A consumer in a process of its own. */
    function startProcess(options: ConsumerProcess) {
      const script = path.join(import.meta.dirname, 'consumer-process.contract.ts')
      const child = spawn(
        process.execPath,
        ['--conditions=source', '--import', 'tsx', script, JSON.stringify(options)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      )
      children.push(child)
      const processed: Processed[] = []
      const batches = { begun: 0, processed: 0 }
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = JSON.parse(text) as Line
        batches[line.state] += 1
        processed.push(...line.records)
      })
      return { child, processed, batches }
    }

    /** Stops the process for the time being, in the middle of a batch. */
    async function stall({ child, batches }: ReturnType<typeof startProcess>): Promise<void> {
      for (;;) {
        await until(() => batches.begun > batches.processed)
        child.kill('SIGSTOP')
        // lines that it has printed
        await setImmediate()
        if (batches.begun > batches.processed) return
        child.kill('SIGCONT')
      }
    }

    /** Appends as fast as the group reads until it is stopped; tells what it appended. */
    function startAppending(log: EventLog, topic: Topic, group: string) {
      const keys = keysOf(30)
      const appended: { key: string; value: string }[] = []
      const stopping = new AbortController()
      const running = (async () => {
        while (!stopping.signal.aborted) {
          const records = numbered(30, keys, appended.length)
          await log.append(topic.name, records)
          appended.push(...records)
          await until(async () => (await lagOf(log, group)) < MOST_BEHIND)
        }
      })()
      return {
        appended,
        stop: async () => {
          stopping.abort()
          await running
        },
      }
    }

    const processes = { timeout: PROCESSES_MS }
    it(
      'loses nothing when one consumer is killed and another stalls past its lease',
      processes,
      async () => {
        const topic = newTopic(6)
        const log = await stage.open([topic], LEASE_MS)
        const group = newGroup()
        const options = { url: await adapter.url(), topic, group, leaseMs: LEASE_MS }
        const [killed, stalled, steady] = [1, 2, 3].map(() => startProcess(options))
        const everyone = [killed!, stalled!, steady!]
        const appending = startAppending(log, topic, group)
        await vi.waitUntil(() => everyone.every(({ processed }) => processed.length > 50), {
          timeout: START_MS,
        })

        killed!.child.kill('SIGKILL')
        await once(killed!.child, 'exit')
        await stall(stalled!)
        const before = steady!.processed.length
        const takenOver = () =>
          new Set(steady!.processed.slice(before).map(({ partition }) => partition)).size === 6
        await until(takenOver)
        await appending.stop()
        await until(async () => (await lagOf(log, group)) === 0)

        // it finishes its batch, and commits what others have committed long since
        const progress = await log.progress(group)
        const known = stalled!.batches.processed
        stalled!.child.kill('SIGCONT')
        await until(() => stalled!.batches.processed > known)
        stalled!.child.kill('SIGTERM')
        expect(await once(stalled!.child, 'exit')).toEqual([0, null])
        expect(await log.progress(group)).toEqual(progress)

        const offsets = progress.flatMap(({ partition, end }) =>
          Array.from({ length: end }, (_, offset) => `${partition}:${offset}`),
        )
        const places = () => new Set(everyone.flatMap((it) => it.processed.map(placeOf)))
        // the last lines may still be on their way
        await until(() => places().size >= offsets.length)
        expect([...places()].toSorted()).toEqual(offsets.toSorted())
        const processed = everyone.flatMap((it) => it.processed)
        expectInOrder(inOrderOfOffsets(processed), appending.appended)
        for (const { processed: mine } of everyone) expectAscendingFirsts(mine)
      },
    )
  })
}

const placeOf = ({ partition, offset }: Processed) => `${partition}:${offset}`

const inOrderOfOffsets = (processed: readonly Processed[]) =>
  processed.toSorted((a, b) => a.offset - b.offset)

/** What one consumer processes for the first time comes in the order of the partition. */
function expectAscendingFirsts(processed: readonly Processed[]): void {
  const seen = new Set<string>()
  const last = new Map<number, number>()
  for (const record of processed) {
    if (seen.has(placeOf(record))) continue
    seen.add(placeOf(record))
    expect(record.offset).toBeGreaterThan(last.get(record.partition) ?? -1)
    last.set(record.partition, record.offset)
  }
}
