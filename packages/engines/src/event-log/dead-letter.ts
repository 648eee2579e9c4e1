import type { LogRecord, NewRecord } from './event-log.js'

/** What a dead letter says beside its own headers: where it was, and why it is here. */
export const DEAD_LETTER = {
  topic: 'dead-letter-topic',
  partition: 'dead-letter-partition',
  offset: 'dead-letter-offset',
  appendedAt: 'dead-letter-appended-at',
  group: 'dead-letter-group',
  attempts: 'dead-letter-attempts',
  reason: 'dead-letter-reason',
} as const

const LONGEST_REASON = 1_000

export interface Burial {
  readonly group: string
  /** What was thrown, or a text. */
  readonly reason: unknown
  /** How often the record was given to a handler. */
  readonly attempts: number
}

/** The same record with the circumstances in its headers, for the topic of dead letters. */
export function deadLetterOf(record: LogRecord, { group, reason, attempts }: Burial): NewRecord {
  const { id, key, value, headers, topic, partition, offset, appendedAt } = record
  return {
    id,
    key,
    value,
    headers: {
      ...headers,
      [DEAD_LETTER.topic]: topic,
      [DEAD_LETTER.partition]: String(partition),
      [DEAD_LETTER.offset]: String(offset),
      [DEAD_LETTER.appendedAt]: appendedAt.toISOString(),
      [DEAD_LETTER.group]: group,
      [DEAD_LETTER.attempts]: String(attempts),
      [DEAD_LETTER.reason]: textOf(reason),
    },
  }
}

const textOf = (reason: unknown): string =>
  String(reason)
    .slice(0, LONGEST_REASON)
    // what no log stores
    .replace(/[\0\p{Surrogate}]/gu, '')
