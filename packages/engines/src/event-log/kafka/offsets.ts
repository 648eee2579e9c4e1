import type { Admin } from 'kafkajs'
import type { Progress, Rewind, Topic } from '../event-log.js'

export interface Place {
  readonly partition: number
  readonly offset: number
}

/** Of a partition: the oldest offset that is kept, and the next. */
export interface Extent {
  readonly oldest: number
  readonly end: number
}

/** What a group has committed, by topic and partition; a partition of which it has committed nothing is left out. */
export async function committedBy(
  admin: Admin,
  group: string,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const topics = await admin.fetchOffsets({ groupId: group })
  return new Map(
    topics.map(({ topic, partitions }) => [
      topic,
      new Map(
        partitions
          .map(({ partition, offset }) => [partition, Number(offset)] as const)
          // below zero: none, or an end of the log that a client stands for
          .filter(([, offset]) => offset >= 0),
      ),
    ]),
  )
}

/** By partition. */
export async function extentsOf(admin: Admin, topic: string): Promise<ReadonlyMap<number, Extent>> {
  const partitions = await admin.fetchTopicOffsets(topic)
  return new Map(
    partitions.map(({ partition, low, high }) => [
      partition,
      { oldest: Number(low), end: Number(high) },
    ]),
  )
}

/** Of the topics named; by topic and partition. */
export async function readProgress(
  admin: Admin,
  group: string,
  names: ReadonlySet<string>,
): Promise<Progress[]> {
  const committed = await committedBy(admin, group)
  const topics = [...committed.keys()].filter((topic) => names.has(topic)).toSorted()
  const progress = topics.map(async (topic) => {
    const offsets = [...committed.get(topic)!].toSorted(([a], [b]) => a - b)
    if (offsets.length === 0) return []
    const extents = await extentsOf(admin, topic)
    return offsets.map(([partition, offset]) => {
      // it may have been read before what was appended and committed since
      const { oldest, end } = extents.get(partition)!
      return {
        topic,
        partition,
        committed: offset,
        end,
        lag: Math.max(0, end - Math.max(offset, oldest)),
      }
    })
  })
  return (await Promise.all(progress)).flat()
}

/** Where a rewind leads. */
export async function placesOf(
  admin: Admin,
  { name, partitions }: Topic,
  to: Rewind['to'],
): Promise<Place[]> {
  if (to instanceof Date) {
    const found = await admin.fetchTopicOffsetsByTimestamp(name, to.getTime())
    return found.map(({ partition, offset }) => ({ partition, offset: Number(offset) }))
  }
  const extents = await extentsOf(admin, name)
  const within = (partition: number, offset: number): Place => {
    const { oldest, end } = extents.get(partition)!
    return { partition, offset: Math.min(end, Math.max(oldest, offset)) }
  }
  if (typeof to === 'object') return [within(to.partition, to.offset)]
  const offset = to === 'oldest' ? 0 : Number.MAX_SAFE_INTEGER
  return Array.from({ length: partitions }, (_, partition) => within(partition, offset))
}
