/** A topic as the event log takes it. */
export interface Topic {
  readonly name: string
  /** Never changed: keys would move to other partitions, and their order would be lost. */
  readonly partitions: number
  /** Milliseconds that records are kept. */
  readonly retentionMs: number
  /** Where records go that could not be processed. */
  readonly deadLetters?: Topic
}

const DAY_MS = 86_400_000
// time enough to notice, mend and send again
const DEAD_LETTER_DAYS = 30

/** A topic with its dead letters, `<name>.dlq`. */
export function defineTopic(topic: {
  name: string
  partitions: number
  retentionDays: number
}): Topic {
  const { name, partitions, retentionDays } = topic
  return {
    name,
    partitions,
    retentionMs: retentionDays * DAY_MS,
    // few, and looked through from the first to the last
    deadLetters: { name: `${name}.dlq`, partitions: 1, retentionMs: DEAD_LETTER_DAYS * DAY_MS },
  }
}
