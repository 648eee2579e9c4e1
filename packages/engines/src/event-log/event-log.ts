import type { Service } from '@cinegraph/kit/lifecycle'

/** A stream of records of one kind of interest. Two processes that know a topic of one name know the same one. */
export interface Topic {
  /** Lower-case letters, digits, `.` and `-`. */
  readonly name: string
  /** 1 to 256. It cannot be changed: keys would move to other partitions, and their order would be lost. */
  readonly partitions: number
  /** Records that are older than this may be deleted. */
  readonly retentionMs: number
  /** Takes records that no handler could process. Without it a record that fails blocks its partition. */
  readonly deadLetters?: Topic
}

/** What is appended. Texts hold neither U+0000 nor half of a surrogate pair. */
export interface NewRecord {
  /** A UUID in lower case. By it a consumer knows a record that comes a second time. */
  readonly id: string
  /** Records of one key are in one partition, hence in order. At most MAX_KEY_BYTES. */
  readonly key: string
  /** At most MAX_HEADER_BYTES of names and values. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON, or any other text. At most MAX_VALUE_BYTES. */
  readonly value: string
}

/** A record that was read. */
export interface LogRecord extends NewRecord {
  readonly topic: string
  readonly partition: number
  /** Position in the partition: rises with each record, and never comes twice. */
  readonly offset: number
  /** When the log took it. */
  readonly appendedAt: Date
}

export const MAX_VALUE_BYTES = 1_048_576
export const MAX_KEY_BYTES = 1_024
export const MAX_HEADER_BYTES = 16_384

/** Records of one partition in their order, at least one. */
export interface Batch {
  readonly topic: string
  readonly partition: number
  readonly records: readonly LogRecord[]
  /** Aborts when finishing is of no use any more: another consumer has the partition, or the time to stop is up. */
  readonly signal: AbortSignal
  /**
   * Puts a record that can never be processed among the dead letters of its topic, with the reason. It counts as processed
   * when the batch does.
   */
  readonly deadLetter: (record: LogRecord, reason: unknown) => Promise<void>
}

export interface ConsumerOptions {
  /** Consumers of one group share the partitions; each group reads every record. */
  readonly group: string
  /** Names of topics. */
  readonly topics: readonly string[]
  /**
   * Processes a batch; never two of one partition at once, and nothing more is given of it until it resolves. Then the batch
   * is committed. When it rejects, it is given again:
   * - after a DependencyError the whole batch, with growing pauses, until it succeeds: an outage is waited out;
   * - after any other error each record alone, and one that fails `maxAttempts` times goes to the dead letters.
   */
  readonly handle: (batch: Batch) => Promise<void>
  /** Where a group begins that has never committed; `oldest` by default. */
  readonly from?: 'oldest' | 'newest'
  /** Records of a batch at most; 500 by default. */
  readonly maxRecords?: number
  /** Bytes of values of a batch at most, but for a single record that is larger; 4 MiB by default. */
  readonly maxBytes?: number
  /** Milliseconds that a batch which is not full waits for more; 0 by default. */
  readonly maxWaitMs?: number
  /** Batches of different partitions that are processed at once; 4 by default. */
  readonly concurrency?: number
  /** 3 by default. */
  readonly maxAttempts?: number
  /** Milliseconds before the second attempt, doubled with each up to the longest pause; 100 and 5,000 by default. */
  readonly pauseMs?: { readonly first: number; readonly longest: number }
}

/** How far a group has come in a partition. */
export interface Progress {
  readonly topic: string
  readonly partition: number
  /** Offset of the first record that is not processed. */
  readonly committed: number
  /** Offset of the next record that will be appended. */
  readonly end: number
  /** Records between the two that are still kept. */
  readonly lag: number
}

export interface Rewind {
  readonly group: string
  readonly topic: string
  /** The first record that was appended at a time or later, an offset of one partition, or an end of all. */
  readonly to: Date | { readonly partition: number; readonly offset: number } | 'oldest' | 'newest'
  /** Also while consumers of the group are running: they go on from there, after the batches that they have in hand. */
  readonly force?: boolean
}

/** `live`: consumers of the group are running, and nothing was changed. */
export type RewindOutcome = 'done' | 'live'

/**
 * Records in topics, kept for a time, read by groups of consumers at their own pace. Everything throws a DependencyError when
 * the engine does not answer.
 *
 * - What is appended is delivered to each group at least once: again after a crash, or when a consumer lost its partition.
 * - Within a key the first deliveries are in the order of the appends.
 * - A partition is leased to one consumer of a group. Consumers that come and go share the partitions fairly. The lease of one
 *   that died or stalled runs out and another takes over from what was committed; the one that lost it can no longer commit.
 * - Only what was processed is committed, and nothing before it is unprocessed.
 */
export interface EventLog extends Service {
  /**
   * Resolves when all records are durable. When it rejects with a DependencyError, some may be: append them again.
   * Records of one key keep the order of the array, and of calls that wait for each other. Throws a RangeError, appending
   * nothing, for a topic that the log was not opened with and for records that break the limits.
   */
  append(topic: string, records: readonly NewRecord[]): Promise<void>
  /**
   * A consumer: it joins its group on `start()`. `stop()` lets batches in hand finish, commits them and leaves the group; what
   * the deadline cuts off is delivered again. No outage ends it.
   */
  consume(options: ConsumerOptions): Service
  /** By topic and partition; empty for a group that nobody knows. */
  progress(group: string): Promise<Progress[]>
  /** Lets a group read again, or skip. Offsets that are not kept become the nearest that are. */
  rewind(rewind: Rewind): Promise<RewindOutcome>
}
