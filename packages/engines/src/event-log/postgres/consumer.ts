import { randomUUID } from 'node:crypto'
import { aborted, createService, type Service } from '@cinegraph/kit/lifecycle'
import { createLimiter, type Limiter } from '@cinegraph/kit/limiter'
import { createPeriodic } from '@cinegraph/kit/periodic'
import { createListener } from '../../postgres/listen.js'
import type { Postgres } from '../../postgres/open.js'
import { deliver } from '../deliver.js'
import type { EngineConsumer } from '../engine.js'
import { fairShare } from './fair-share.js'
import { Reader, type ReaderOptions } from '../reader.js'
import { CHANNEL, parseNews } from './channel.js'
import { Cursors, type Lease } from './cursors.js'
import { readRecords } from './records.js'

// notifications may be lost with their connection
const LOOK_AGAIN_MS = 1_000
const HEARTBEATS_PER_LEASE = 3

export interface PostgresConsumerOptions extends EngineConsumer {
  readonly postgres: Pick<Postgres, 'pool'>
  readonly leaseMs: number
}

export function createConsumer(options: PostgresConsumerOptions): Service {
  const { postgres, leaseMs, log } = options
  const consumer = new Consumer(options)
  const services = [
    createListener({ postgres, channel: CHANNEL, onNews: (news) => consumer.hear(news), log }),
    createPeriodic({
      name: 'look for records',
      everyMs: LOOK_AGAIN_MS,
      work: () => consumer.look(),
      log,
    }),
    createPeriodic({
      name: 'keep leases',
      everyMs: leaseMs / HEARTBEATS_PER_LEASE,
      work: () => consumer.balance(),
      log,
    }),
  ]
  return createService({
    name: `consumer ${options.consumer.group}`,
    async start() {
      await consumer.join()
      for (const service of services) await service.start()
    },
    async stop(deadline) {
      // leases are kept while batches in hand finish
      await consumer.drain(deadline)
      await Promise.all(services.map((service) => service.stop(deadline)))
      await consumer.leave()
    },
  })
}

const inTurns = (atOnce: number) =>
  createLimiter({ atOnce, queue: Infinity, refuse: () => new Error('an endless queue is full') })

class Consumer {
  private readonly id = randomUUID()
  private readonly cursors: Cursors
  private readonly readers = new Map<number, Reader<Lease>>()
  private readonly closing = new Set<Promise<void>>()
  private readonly balancing = inTurns(1)
  private readonly inTurn: Limiter
  private expiry: NodeJS.Timeout | undefined
  private draining = false
  private gone = false

  constructor(private readonly options: PostgresConsumerOptions) {
    const { postgres, consumer, leaseMs } = options
    const { group, concurrency } = consumer
    this.cursors = new Cursors({ pool: postgres.pool, group, consumerId: this.id, leaseMs })
    this.inTurn = inTurns(concurrency)
  }

  async join(): Promise<void> {
    const { topics, from } = this.options.consumer
    await this.cursors.join(topics, from)
    await this.balance()
    await this.cursors.tell()
  }

  hear(payload: string | undefined): void {
    // connected anew: anything may have been missed
    if (payload === undefined) {
      void this.tolerate(this.look())
      this.balanceSoon()
      return
    }
    const news = parseNews(payload)
    if ('heads' in news) {
      for (const [id, head] of news.heads) this.readers.get(id)?.hear(head)
    } else if (news.group === this.options.consumer.group) {
      this.balanceSoon()
    }
  }

  async look(): Promise<void> {
    if (this.readers.size === 0) return
    const extents = await this.cursors.extents([...this.readers.keys()])
    for (const [id, { head }] of extents) this.readers.get(id)?.hear(head)
  }

  /** Keeps the leases, and gives back or takes partitions until it has its fair share. */
  balance(): Promise<void> {
    return this.balancing(async () => {
      if (this.gone) return
      await this.keep()
      if (this.draining) return
      const due = fairShare({ ...(await this.cursors.group()), id: this.id })
      for (const topic of this.options.consumer.topics) {
        await this.adjust(topic, due.get(topic) ?? 0)
      }
    })
  }

  private balanceSoon(): void {
    // one that waits to begin will see what is new
    if (this.balancing.waiting() === 0) void this.tolerate(this.balance())
  }

  private async keep(): Promise<void> {
    const expiry = setTimeout(() => this.loseAll(), this.options.leaseMs).unref()
    try {
      const held = [...this.readers.values()].filter(({ lost }) => !lost)
      const kept = await this.cursors.keep(
        this.options.consumer.topics,
        held.map(({ lease }) => lease),
      )
      clearTimeout(this.expiry)
      this.expiry = expiry
      for (const reader of held) {
        if (kept.get(reader.lease.partitionId) !== reader.lease.epoch) reader.lose()
      }
    } catch (error) {
      clearTimeout(expiry)
      throw error
    }
  }

  private loseAll(): void {
    for (const reader of this.readers.values()) reader.lose()
  }

  private async adjust(topic: string, due: number): Promise<void> {
    const active = [...this.readers.values()].filter((it) => it.topic === topic && !it.leaving)
    for (const reader of active.slice(due)) reader.leave()
    if (active.length >= due) return
    // one that was lost may still have a batch in hand: another reader here would be a second one at once
    const except = [...this.readers.keys()]
    const leases = await this.cursors.take(topic, due - active.length, except)
    for (const lease of leases) this.open(topic, lease)
  }

  private open(topic: string, lease: Lease): void {
    const reader = new Reader(this.readerOptions(topic, lease))
    this.readers.set(lease.partitionId, reader)
    this.options.metrics.holds(1)
    // taken while it began to stop: given back unread
    if (this.draining) reader.leave()
    const closed = this.tolerate(reader.done.then(() => this.close(reader)))
    this.closing.add(closed)
    void closed.then(() => this.closing.delete(closed))
  }

  private readerOptions(topic: string, lease: Lease): ReaderOptions<Lease> {
    const { postgres, consumer, metrics, buryIn, log } = this.options
    const { maxRecords, maxBytes, maxWaitMs } = consumer
    const { partition, partitionId } = lease
    const page = { topic, partition, partitionId, maxRecords, maxBytes }
    const delivery = { ...consumer, topic, partition, bury: buryIn(topic), metrics, log }
    return {
      ...{ lease, topic, maxRecords, maxWaitMs, inTurn: this.inTurn, log },
      read: (from) => readRecords(postgres.pool, { ...page, from }),
      oldest: async () => (await this.cursors.extents([partitionId])).get(partitionId)!.oldest,
      async deliver(records, signals) {
        const count = await deliver(records, { ...delivery, ...signals })
        metrics.processed(topic, count)
        return count
      },
      commit: (offset) => this.cursors.commit(lease, offset),
    }
  }

  private async close(reader: Reader<Lease>): Promise<void> {
    this.readers.delete(reader.lease.partitionId)
    this.options.metrics.holds(-1)
    if (!reader.lost) await this.cursors.release([reader])
    await this.cursors.tell()
  }

  /** Lets batches in hand finish; when `deadline` aborts, gives up on them. */
  async drain(deadline: AbortSignal): Promise<void> {
    this.draining = true
    for (const reader of this.readers.values()) reader.leave()
    await Promise.race([Promise.all(this.closing), aborted(deadline)])
    for (const reader of this.readers.values()) reader.cut()
  }

  leave(): Promise<void> {
    return this.tolerate(
      this.balancing(async () => {
        this.gone = true
        clearTimeout(this.expiry)
        await this.cursors.release([...this.readers.values()].filter((reader) => !reader.lost))
        await this.cursors.leave()
        await this.cursors.tell()
      }),
    )
  }

  /** What fails is tried again with the next heartbeat; what is left behind runs out. */
  private async tolerate(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => {
      this.options.log.warn({ err: error }, 'consumer is held up')
    })
  }
}
