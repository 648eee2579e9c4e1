import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
import { aborted, createService, type Service } from '@cinegraph/kit/lifecycle'
import { createLimiter, type Limiter } from '@cinegraph/kit/limiter'
import { within } from '@cinegraph/kit/within'
import type { Admin, Kafka } from 'kafkajs'
import { deliver } from '../deliver.js'
import type { EngineConsumer } from '../engine.js'
import { Reader, type ReaderOptions } from '../reader.js'
import type { Partitions } from './assignment.js'
import { ENGINE } from './client.js'
import { Inbox } from './inbox.js'
import { type Fetched, Member, type TopicPartition } from './member.js'
import { type Opening, openingsOf } from './openings.js'
import { recordOf } from './records.js'
import type { Renewed } from './renewed.js'

const START_MS = 60_000
const JOIN_MS = 30_000
const COMMIT_MS = 10_000
const PAUSE_MS = 1_000
// of a stop whose deadline has passed
const LEAVE_MS = 200

/** Refusals of a commit that are over when the group has shared out anew. */
const REBALANCING = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'NOT_COORDINATOR_FOR_GROUP',
])

export interface KafkaConsumerOptions extends EngineConsumer {
  /** Another client each time: consumers of one client and one group share what they know of offsets. */
  readonly connect: () => Kafka
  readonly admin: Renewed<Admin>
  readonly leaseMs: number
}

export function createConsumer(options: KafkaConsumerOptions): Service {
  const consumer = new Consumer(options)
  return createService({
    name: `consumer ${options.consumer.group}`,
    start: () => consumer.start(),
    stop: (deadline) => consumer.stop(deadline),
  })
}

/** A partition that is being read. */
interface Claim extends TopicPartition {
  readonly reader: Reader<Lease>
  readonly inbox: Inbox
  /** By the group, as far as this consumer knows. */
  committed: number
}

type Lease = ReaderOptions<{ partition: number; committed: number; head: number }>['lease']

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic} ${partition}`

/**
 * Reads the partitions of its memberships, one after the other: when one ends, whatever the reason, the next begins. Each time
 * the group has shared out, what it has committed is compared with what this consumer did: where that is the same, nobody
 * else was there, and reading goes on; otherwise it begins again, and what is in hand is not committed.
 */
class Consumer {
  private readonly claims = new Map<string, Claim>()
  private readonly closing = new Set<Promise<void>>()
  private readonly inTurn: Limiter
  private readonly stopping = new AbortController()
  private readonly firstSettled = Promise.withResolvers<undefined>()
  private member: Member | undefined
  /** Counts how often the group has shared out. */
  private round = 0
  /** Whether the claims are those of this round. Until they are nothing is begun and nothing committed. */
  private settled = false
  private news = Promise.withResolvers<undefined>()
  private expiry: NodeJS.Timeout | undefined
  private draining = false
  private gone = false
  private problem: unknown

  constructor(private readonly options: KafkaConsumerOptions) {
    const { concurrency } = options.consumer
    const refuse = () => new Error('an endless queue is full')
    this.inTurn = createLimiter({ atOnce: concurrency, queue: Infinity, refuse })
  }

  async start(): Promise<void> {
    void this.run()
    try {
      await within(this.firstSettled.promise, START_MS)
    } catch (error) {
      this.stopping.abort()
      const { group } = this.options.consumer
      throw new DependencyError(ENGINE, `could not join ${group}`, { cause: this.problem ?? error })
    }
  }

  /** Lets batches in hand finish; when `deadline` aborts, gives up on them. */
  async stop(deadline: AbortSignal): Promise<void> {
    this.draining = true
    for (const { reader } of this.claims.values()) reader.leave()
    this.tell()
    // heartbeats go on meanwhile
    await Promise.race([Promise.all(this.closing), aborted(deadline)])
    this.gone = true
    for (const { reader } of this.claims.values()) reader.cut()
    this.tell()
    this.stopping.abort()
    clearTimeout(this.expiry)
    const { member } = this
    this.member = undefined
    const left = member?.leave().catch((error: unknown) => this.tellOf(error))
    await Promise.race([left, aborted(deadline).then(() => sleep(LEAVE_MS))])
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping
    const isStopping = () => signal.aborted
    while (!isStopping()) {
      const member = this.createMember()
      this.member = member
      const joined = within(member.join(), JOIN_MS).then(
        () => member.ended,
        (error: unknown) => error,
      )
      const reason = await Promise.race([joined, member.ended, aborted(signal)])
      if (isStopping()) return
      this.settled = false
      this.tellOf(reason)
      member.leave().catch(() => {})
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => {})
    }
  }

  private createMember(): Member {
    const { connect, consumer, leaseMs } = this.options
    // one that has ended may still say something
    const ifCurrent =
      <T extends unknown[]>(act: (...args: T) => void) =>
      (...args: T) => {
        if (this.member === member) act(...args)
      }
    const member: Member = new Member({
      ...{ kafka: connect(), group: consumer.group, topics: consumer.topics, sessionMs: leaseMs },
      introduce: () => ({ held: this.held() }),
      onJoined: ifCurrent((assignment) => this.joined(member, assignment)),
      onRebalancing: ifCurrent(() => {
        this.settled = false
        // the group waits so long for its slowest member
        this.keepLease(2 * leaseMs)
      }),
      onHeartbeat: ifCurrent(() => this.keepLease(leaseMs)),
      onFetched: ifCurrent((fetched) => this.fetched(member, fetched)),
    })
    return member
  }

  private held(): Partitions {
    const held: Record<string, number[]> = {}
    for (const { topic, partition, reader } of this.claims.values()) {
      if (!reader.lost) (held[topic] ??= []).push(partition)
    }
    return held
  }

  /** Without a heartbeat others have the partitions by now. */
  private keepLease(ms: number): void {
    clearTimeout(this.expiry)
    this.expiry = setTimeout(() => {
      this.settled = false
      for (const { reader } of this.claims.values()) reader.lose()
      this.tell()
      this.member?.giveUp(new Error('no heartbeat was answered in time'))
    }, ms).unref()
  }

  private joined(member: Member, assignment: Partitions): void {
    this.round++
    this.settled = false
    this.keepLease(this.options.leaseMs)
    const partitions = Object.entries(assignment).flatMap(([topic, all]) =>
      all.map((partition) => ({ topic, partition })),
    )
    for (const it of partitions) member.pause(it)
    const keys = new Set(partitions.map(keyOf))
    for (const [key, { reader }] of this.claims) if (!keys.has(key)) reader.lose()
    this.tell()
    void this.settle(member, partitions)
  }

  private async settle(member: Member, partitions: readonly TopicPartition[]): Promise<void> {
    const { round } = this
    const { admin, consumer } = this.options
    const isOver = () => this.gone || round !== this.round || member !== this.member
    while (!isOver()) {
      try {
        const { group, from } = consumer
        const openings = await openingsOf({ admin, member, group, partitions, from })
        if (isOver()) return
        for (const opening of openings) this.open(member, opening)
        this.settled = true
        this.tell()
        this.firstSettled.resolve(undefined)
        return
      } catch (error) {
        this.tellOf(error)
        await sleep(PAUSE_MS, undefined, { ref: false })
      }
    }
  }

  private open(member: Member, opening: Opening): void {
    const known = this.claims.get(keyOf(opening))
    const goesOn = known && !known.reader.lost && known.committed === opening.committed
    const claim = goesOn ? known : this.claim(opening, known)
    if (!claim) return
    member.seek({ ...opening, offset: claim.inbox.next })
    if (!claim.inbox.isFull) member.resume(opening)
  }

  private claim(opening: Opening, before: Claim | undefined): Claim | undefined {
    before?.reader.lose()
    if (this.draining) return undefined
    const { topic, partition, committed, start } = opening
    const inbox = new Inbox(this.options.consumer, start)
    const reader: Reader<Lease> = new Reader({
      ...this.readerOptions(opening, inbox),
      inTurn: async (turn) => {
        // what was lost may still be in hand
        await before?.reader.done
        await this.until(() => this.settled || reader.leaving)
        await this.inTurn(turn)
      },
      commit: (offset) => this.commit(claim, offset),
    })
    const claim: Claim = { topic, partition, reader, inbox, committed }
    this.claims.set(keyOf(claim), claim)
    this.options.metrics.holds(1)
    const closed = reader.done.then(() => this.close(claim))
    this.closing.add(closed)
    void closed.then(() => this.closing.delete(closed))
    return claim
  }

  private readerOptions(
    opening: Opening,
    inbox: Inbox,
  ): Omit<ReaderOptions<Lease>, 'inTurn' | 'commit'> {
    const { consumer, buryIn, metrics, log } = this.options
    const { maxRecords, maxWaitMs } = consumer
    const { topic, partition, start } = opening
    const delivery = { ...consumer, topic, partition, bury: buryIn(topic), metrics, log }
    return {
      ...{ lease: { partition, committed: start, head: start }, topic, maxRecords, maxWaitMs, log },
      read: async () => {
        const records = inbox.take()
        if (this.settled && !inbox.isFull) this.member?.resume(opening)
        return records
      },
      oldest: async () => inbox.next,
      async deliver(records, signals) {
        const count = await deliver(records, { ...delivery, ...signals })
        metrics.processed(topic, count)
        return count
      },
    }
  }

  private close(claim: Claim): void {
    this.options.metrics.holds(-1)
    if (this.claims.get(keyOf(claim)) === claim) this.claims.delete(keyOf(claim))
  }

  private fetched(member: Member, { topic, partition, messages }: Fetched): void {
    const claim = this.claims.get(keyOf({ topic, partition }))
    // whoever opens the partition seeks where it has to begin
    if (!this.settled || !claim) return
    const records = messages.map((message) => recordOf(topic, partition, message))
    claim.inbox.put(records)
    if (claim.inbox.isFull) member.pause(claim)
    claim.reader.hear(claim.inbox.next)
  }

  /** False when the partition may be another's by now. */
  private async commit(claim: Claim, offset: number): Promise<boolean> {
    const isLost = () => claim.reader.lost || this.gone
    for (;;) {
      await this.until(() => this.settled || isLost())
      // the client enters a round and tells of it within one turn of the event loop: not in the middle of that
      await immediate()
      if (isLost()) return false
      if (!this.settled) continue
      const { round } = this
      try {
        await within(this.member!.commit({ ...claim, offset }), COMMIT_MS)
        claim.committed = offset
        return true
      } catch (error) {
        if (!REBALANCING.has(String((error as { type?: unknown }).type))) {
          throw new DependencyError(ENGINE, 'could not commit', { cause: error })
        }
        // the next heartbeat is refused as well, and then it joins anew
        if (round === this.round) this.settled = false
      }
    }
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.news.promise
  }

  /** Wakes all that wait in `until`. */
  private tell(): void {
    this.news.resolve(undefined)
    this.news = Promise.withResolvers()
  }

  private tellOf(error: unknown): void {
    this.problem = error
    this.options.log.warn({ err: error }, 'consumer is held up')
  }
}
