import type { Consumer, Kafka, KafkaMessage, Offsets } from 'kafkajs'
import { createAssigner, type Introduction } from './assigner.js'
import type { Partitions } from './assignment.js'
import { RETRY } from './client.js'
import type { Place } from './offsets.js'

// how late a partition is noticed that may be fetched from again while others are idle, or that the group changes
const FETCH_WAIT_MS = 100
const HEARTBEAT_MS = 1_000
const HEARTBEATS_PER_SESSION = 3
/** Compressed bytes that one fetch brings of a partition, but for a message that is larger. */
const FETCH_BYTES = 1024 * 1024

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface Fetched extends TopicPartition {
  readonly messages: readonly KafkaMessage[]
}

export interface MemberOptions {
  kafka: Kafka
  group: string
  topics: readonly string[]
  /** After so long without a heartbeat others get the partitions, and for so long the group waits for one that has to join anew. */
  sessionMs: number
  introduce: () => Introduction
  /** The partitions that it has from now on. What is not paused in the same step is fetched. */
  onJoined: (assignment: Partitions) => void
  onRebalancing?: () => void
  onHeartbeat?: () => void
  onFetched?: (fetched: Fetched) => void
}

/**
 * One membership in a group, from joining to an end. Only its own loop talks to the group, and handlers never keep it waiting: so
 * heartbeats come however long a batch takes.
 */
export class Member {
  private readonly consumer: Consumer
  private commitNow: ((offsets: Offsets) => Promise<void>) | undefined
  private readonly end = Promise.withResolvers<Error>()
  /** Resolves with the reason when it is no member any more and will not be again. */
  readonly ended: Promise<Error> = this.end.promise

  constructor(private readonly options: MemberOptions) {
    const { kafka, group, sessionMs, introduce } = options
    this.consumer = kafka.consumer({
      groupId: group,
      partitionAssigners: [createAssigner(introduce)],
      sessionTimeout: sessionMs,
      rebalanceTimeout: sessionMs,
      heartbeatInterval: Math.min(HEARTBEAT_MS, Math.floor(sessionMs / HEARTBEATS_PER_SESSION)),
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytesPerPartition: FETCH_BYTES,
      allowAutoTopicCreation: false,
      // a new member is as good, and sure to begin from nothing
      retry: { ...RETRY, restartOnFailure: async () => false },
    })
    const { events } = this.consumer
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => options.onJoined(payload.memberAssignment))
    this.consumer.on(events.REBALANCING, () => options.onRebalancing?.())
    this.consumer.on(events.HEARTBEAT, () => options.onHeartbeat?.())
    this.consumer.on(events.CRASH, ({ payload }) => this.end.resolve(payload.error))
  }

  /** Resolves when it has joined, or has ended. */
  async join(): Promise<void> {
    const { topics } = this.options
    await this.consumer.connect()
    // where offsets are not kept any more it goes on with the oldest that are
    await this.consumer.subscribe({ topics: [...topics], fromBeginning: true })
    await this.consumer.run({
      autoCommit: false,
      eachBatch: async (payload) => {
        this.commitNow = (offsets) => payload.commitOffsetsIfNecessary(offsets)
        this.options.onFetched?.(payload.batch)
      },
    })
  }

  pause({ topic, partition }: TopicPartition): void {
    this.consumer.pause([{ topic, partitions: [partition] }])
  }

  resume({ topic, partition }: TopicPartition): void {
    this.consumer.resume([{ topic, partitions: [partition] }])
  }

  seek(place: TopicPartition & Place): void {
    this.consumer.seek({ ...place, offset: String(place.offset) })
  }

  /** Once, for the generation of the group in which it is called. Something was fetched before. */
  async commit({ topic, partition, offset }: TopicPartition & Place): Promise<void> {
    const partitions = [{ partition, offset: String(offset) }]
    await this.commitNow!({ topics: [{ topic, partitions }] })
  }

  /** Again in the next generation when this one ends meanwhile, and perhaps not at all: look whether they are set. */
  async set(topic: string, places: readonly Place[]): Promise<void> {
    await this.consumer.commitOffsets(
      places.map(({ partition, offset }) => ({ topic, partition, offset: String(offset) })),
    )
  }

  /** It ends, for `reason`. What is under way goes on as far as it must. */
  giveUp(reason: Error): void {
    this.end.resolve(reason)
    this.leave().catch(() => {})
  }

  /** Leaves the group, so that others need not wait for the end of its session. */
  leave(): Promise<void> {
    return this.consumer.disconnect()
  }
}
