import { fairShare, type Member as Reading } from '../fair-share.js'

/** By topic. */
export type Partitions = Readonly<Record<string, readonly number[]>>

/** A member of a group, as it introduces itself when it joins. */
export interface GroupMember extends Reading {
  /** What it reads, and would rather keep. */
  readonly held: Partitions
  /** It reads nothing, but sets offsets of this topic, which nobody may read as long as it is there. */
  readonly rewinding?: string
}

/**
 * Shares partitions out, by the id of the member: as many for each as `fairShare` says, and to whom has them already where that is
 * possible.
 */
export function assign(
  members: readonly GroupMember[],
  partitionsOf: ReadonlyMap<string, readonly number[]>,
): Map<string, Record<string, number[]>> {
  const readers = members.filter(({ rewinding }) => rewinding === undefined)
  const rewound = new Set(members.map(({ rewinding }) => rewinding))
  const assigned = new Map<string, Record<string, number[]>>(members.map(({ id }) => [id, {}]))
  const topics = [...partitionsOf].map(([name, all]) => ({ name, partitions: all.length }))
  const due = new Map(readers.map(({ id }) => [id, fairShare({ members: readers, topics, id })]))
  for (const [topic, all] of partitionsOf) {
    if (rewound.has(topic)) continue
    const free = new Set(all)
    const give = (id: string, wanted: Iterable<number>) => {
      const most = due.get(id)!.get(topic) ?? 0
      if (most === 0) return
      const own = (assigned.get(id)![topic] ??= [])
      for (const partition of wanted) {
        if (own.length === most) return
        if (free.delete(partition)) own.push(partition)
      }
    }
    for (const { id, held } of readers) give(id, held[topic] ?? [])
    for (const { id } of readers) give(id, [...free])
  }
  return assigned
}
