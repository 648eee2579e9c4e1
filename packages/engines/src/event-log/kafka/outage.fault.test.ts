import { setTimeout as sleep } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
import { type OpenedNetwork, openNetwork } from '@cinegraph/native/open-network'
import { type OpenedServer, openServer } from '@cinegraph/native/open-server'
import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  createLedger,
  createStage,
  expectInOrder,
  keysOf,
  lagOf,
  newGroup,
  newTopic,
  numbered,
  recordOf,
  soon,
  type Stage,
} from '../contract/log-under-test.contract.js'
import type { Batch, EventLog, NewRecord, Topic } from '../event-log.js'
import { onKafka } from './kafka.contract.js'

// Java starts, and requests run into their deadlines one after the other
const SERVER_MS = 180_000
const toxiproxy = realServer('toxiproxy')
const LEASE_MS = 3_000
/** Of an append, with the one that is under way when it is asked for: twice 15 s, and as much for a busy machine. */
const APPEND_MS = 60_000
/** More than two deadlines, however busy the machine, and less than the append under way may take. */
const STOP_MS = 12_000

const until = (condition: () => unknown) =>
  vi.waitUntil(condition, { timeout: 120_000, interval: 20 })

describe.skipIf(realServer('kafka') === undefined)('an event log whose Kafka', () => {
  let kafka: OpenedServer
  beforeAll(async () => {
    kafka = await openServer('kafka')
  }, SERVER_MS)
  afterAll(() => kafka.close(), SERVER_MS)

  const { log, lines } = memoryLog()
  const stageAt = (url: () => string) =>
    createStage({
      url: async () => url(),
      open: (settings) => onKafka(url(), log).open(settings),
      expire: async () => {},
    })
  const stage = stageAt(() => kafka.url)

  /** Appends without end, each record until it is acknowledged, as the outbox does; tells what was. */
  function startAppending(eventLog: EventLog, topic: Topic, keys: readonly string[]) {
    const acknowledged: NewRecord[] = []
    const failures: unknown[] = []
    const stopping = new AbortController()
    let slowest = 0
    const attempt = async (records: readonly NewRecord[]): Promise<boolean> => {
      const begun = performance.now()
      try {
        await eventLog.append(topic.name, records)
        return true
      } catch (error) {
        failures.push(error)
        return false
      } finally {
        slowest = Math.max(slowest, performance.now() - begun)
      }
    }
    const running = (async () => {
      while (!stopping.signal.aborted) {
        const records = numbered(20, keys, acknowledged.length)
        // the pause of whoever asks again
        while (!(await attempt(records))) await sleep(100)
        acknowledged.push(...records)
        await sleep(5)
      }
    })()
    return {
      acknowledged,
      failures,
      slowest: () => slowest,
      async stop() {
        stopping.abort()
        await running
      },
    }
  }

  /** A topic under load, with two consumers in logs of their own. */
  async function startLoad(stage: Stage) {
    const topic = newTopic(4)
    const group = newGroup()
    const writing = await stage.open([topic], LEASE_MS)
    const ledger = createLedger()
    for (let consumer = 0; consumer < 2; consumer++) {
      const reading = await stage.open([topic], LEASE_MS)
      await stage.consume(reading, {
        ...{ group, topics: [topic.name], maxRecords: 10 },
        async handle(batch) {
          // so that there is always a batch in hand
          await sleep(2)
          await ledger.handle(batch)
        },
      })
    }
    const appending = startAppending(writing, topic, keysOf(8))
    await until(() => ledger.records.length > 200)
    return {
      appending,
      /** Both ways are open again. */
      async recovered() {
        const { length } = appending.acknowledged
        await until(() => appending.acknowledged.length > length + 100)
        const seen = () => new Set(ledger.values())
        const last = appending.acknowledged.at(-1)!.value
        await until(() => seen().has(last))
      },
      async expectNothingLost() {
        await appending.stop()
        await until(async () => (await lagOf(writing, group).catch(() => 1)) === 0)
        expectInOrder(ledger.records, appending.acknowledged)
        for (const error of appending.failures) expect(error).toBeInstanceOf(DependencyError)
        expect(appending.failures).toMatchObject(
          appending.failures.map(() => ({ engine: 'kafka' })),
        )
        expect(appending.slowest()).toBeLessThan(APPEND_MS)
        expect(JSON.stringify(lines)).not.toContain(new URL(kafka.url).password)
      },
    }
  }

  it('stands still loses nothing, and goes on when it moves', { timeout: SERVER_MS }, async () => {
    const load = await startLoad(stage)
    const { failures } = load.appending
    await kafka.pause()
    await until(() => failures.length > 0)
    await kafka.resume()
    await load.recovered()
    await load.expectNothingLost()
  })

  it('is killed loses nothing, and goes on with the next', { timeout: SERVER_MS }, async () => {
    const load = await startLoad(stage)
    const { failures } = load.appending
    for (let round = 0; round < 2; round++) {
      const { length } = failures
      await kafka.kill()
      await until(() => failures.length > length)
      await kafka.start()
      await load.recovered()
    }
    await load.expectNothingLost()
  })

  it(
    'stood still takes what comes next for new, though it never said what became of the last',
    { timeout: SERVER_MS },
    async () => {
      const topic = newTopic()
      const eventLog = await stage.open([topic], LEASE_MS)
      // so that the producer has begun to number
      await eventLog.append(topic.name, [recordOf('a', 'before')])
      await kafka.pause()
      const unknown = eventLog.append(topic.name, [recordOf('a', 'unknown')])
      await expect(unknown).rejects.toThrow(DependencyError)
      await kafka.resume()
      await eventLog.append(topic.name, [recordOf('a', 'after')])
      const ledger = createLedger()
      await stage.consume(eventLog, { topics: [topic.name], handle: ledger.handle })
      await until(() => ledger.values().includes('after'))
    },
  )

  it(
    'stands still for longer than a lease takes the batch in hand away, and gives it again',
    { timeout: SERVER_MS },
    async () => {
      const topic = newTopic()
      const eventLog = await stage.open([topic], LEASE_MS)
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
      await kafka.pause()
      await until(() => batches[0]!.signal.aborted)
      await kafka.resume()
      // it is back, and waits for the end of what it has in hand
      await eventLog.append(topic.name, numbered(1, ['a'], 3))
      expect(batches).toHaveLength(1)
      gate.resolve(undefined)
      await until(async () => (await lagOf(eventLog, group).catch(() => 1)) === 0)
      expect(batches[1]!.records[0]).toMatchObject({ offset: 0 })
    },
  )

  it('is away lets everything stop in time', { timeout: SERVER_MS }, async () => {
    const topic = newTopic()
    const eventLog = await stage.open([topic], LEASE_MS)
    const ledger = createLedger()
    const consumer = await stage.consume(eventLog, { topics: [topic.name], handle: ledger.handle })
    await eventLog.append(topic.name, [recordOf('a', 'first')])
    await until(() => ledger.records.length === 1)
    await kafka.pause()
    const outcome = eventLog.append(topic.name, [recordOf('a', 'second')]).then(
      () => 'appended',
      (error: unknown) => error,
    )
    const begun = performance.now()
    await consumer.stop(AbortSignal.timeout(1_000))
    await eventLog.stop(AbortSignal.timeout(1_000))
    expect(performance.now() - begun).toBeLessThan(STOP_MS)
    await kafka.resume()
    // it may have arrived
    expect(['appended', expect.any(DependencyError)]).toContainEqual(await outcome)
  })

  it('is away answers nothing, and says so', { timeout: SERVER_MS }, async () => {
    const topic = newTopic()
    const eventLog = await stage.open([topic], LEASE_MS)
    await kafka.kill()
    expect(await eventLog.ready()).toEqual({ ready: false, reason: 'kafka does not answer' })
    await expect(eventLog.progress('group')).rejects.toMatchObject({ engine: 'kafka' })
    await kafka.start()
    await until(async () => (await eventLog.ready()).ready)
    await until(() =>
      eventLog.progress('group').then(
        () => true,
        () => false,
      ),
    )
    await eventLog.stop(soon())
  })

  describe.skipIf(toxiproxy === undefined)('is behind a network that', () => {
    let network: OpenedNetwork
    beforeAll(async () => {
      network = await openNetwork({ toxiproxy: toxiproxy!, ...kafka.distant })
    })
    afterAll(() => network.close())
    const distant = stageAt(() => network.url)

    it.each(['cut', 'swallow'] as const)(
      'does %s loses nothing, and goes on when it is mended',
      { timeout: SERVER_MS },
      async (way) => {
        const load = await startLoad(distant)
        const { failures } = load.appending
        await network[way]()
        await until(() => failures.length > 0)
        await network.mend()
        await load.recovered()
        await load.expectNothingLost()
      },
    )

    it('is slow goes on slowly, and refuses nothing', { timeout: SERVER_MS }, async () => {
      const load = await startLoad(distant)
      await network.delay(200)
      await load.recovered()
      await network.mend()
      await load.expectNothingLost()
      expect(load.appending.failures).toEqual([])
    })
  })
})
