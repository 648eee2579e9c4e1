import type { Admin } from 'kafkajs'
import type { ConsumerOptions } from '../event-log.js'
import type { Member, TopicPartition } from './member.js'
import { committedBy, extentsOf } from './offsets.js'
import type { Renewed } from './renewed.js'

/** A partition of a member, and where it is to be read. */
export interface Opening extends TopicPartition {
  /** What the group has committed. */
  readonly committed: number
  /** The same, or the oldest offset that is kept. */
  readonly start: number
}

export interface OpeningOptions {
  admin: Renewed<Admin>
  member: Member
  group: string
  partitions: readonly TopicPartition[]
  from: ConsumerOptions['from']
}

const ASK_MS = 10_000

/**
 * Openings of partitions. Where the group has committed nothing, its beginning is committed first: what is appended from now on
 * is after it, and the group is known.
 */
export async function openingsOf(options: OpeningOptions): Promise<Opening[]> {
  const { admin, member, group, partitions, from } = options
  const ask = <T>(what: string, work: (client: Admin) => Promise<T>) =>
    admin.ask({ what, work, ms: ASK_MS, again: true })
  const readCommitted = () => ask('read offsets', (it) => committedBy(it, group))
  let committed = await readCommitted()
  const openings: Opening[] = []
  for (const topic of new Set(partitions.map((it) => it.topic))) {
    const own = partitions.filter((it) => it.topic === topic).map(({ partition }) => partition)
    const extents = await ask(`look into ${topic}`, (it) => extentsOf(it, topic))
    const missing = own.filter((partition) => !committed.get(topic)?.has(partition))
    if (missing.length > 0) {
      const ends = missing.map((partition) => ({ partition, ...extents.get(partition)! }))
      const offsetOf = from === 'newest' ? 'end' : 'oldest'
      await member.set(
        topic,
        ends.map(({ partition, [offsetOf]: offset }) => ({ partition, offset })),
      )
      committed = await readCommitted()
    }
    for (const partition of own) {
      const offset = committed.get(topic)?.get(partition)
      if (offset === undefined) throw new Error(`no beginning of ${topic} was committed`)
      const start = Math.max(offset, extents.get(partition)!.oldest)
      openings.push({ topic, partition, committed: offset, start })
    }
  }
  return openings
}
