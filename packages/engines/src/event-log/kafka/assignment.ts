/** By topic. */
export type Partitions = Readonly<Record<string, readonly number[]>>

/** A member of a group, as it introduces itself when it joins. */
export interface GroupMember {
  readonly id: string
  /** Names of topics that it reads. */
  readonly topics: readonly string[]
  /** What it reads, and would rather keep. */
  readonly held: Partitions
  /** It reads nothing, but sets offsets of this topic, which nobody may read as long as it is there. */
  readonly rewinding?: string
}

/**
 * Shares partitions out, by the id of the member: of each topic and, for those who read the same topics, of all of them together
 * as equally as can be, and of each topic, as far as that allows, to whom has them already.
 */
export function assign(
  members: readonly GroupMember[],
  partitionsOf: ReadonlyMap<string, readonly number[]>,
): Map<string, Record<string, number[]>> {
  const rewound = new Set(members.map(({ rewinding }) => rewinding))
  const assigned = new Map<string, Record<string, number[]>>(members.map(({ id }) => [id, {}]))
  /** How often a member was due one partition more than others. */
  const extras = new Map(members.map(({ id }) => [id, 0]))
  const isReader = ({ rewinding }: GroupMember) => rewinding === undefined
  for (const [topic, all] of [...partitionsOf].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const readers = members.filter((it) => isReader(it) && it.topics.includes(topic))
    if (rewound.has(topic) || readers.length === 0) continue
    const heldBy = ({ held }: GroupMember) => held[topic] ?? []
    const share = Math.floor(all.length / readers.length)
    const keepsMore = (it: GroupMember) => Number(heldBy(it).length > share)
    const inTurn = readers.toSorted(
      (a, b) => extras.get(a.id)! - extras.get(b.id)! || keepsMore(b) - keepsMore(a),
    )
    const favoured = new Set(inTurn.slice(0, all.length % readers.length))
    for (const { id } of favoured) extras.set(id, extras.get(id)! + 1)
    const free = new Set(all)
    const give = (it: GroupMember, wanted: Iterable<number>) => {
      const due = share + Number(favoured.has(it))
      if (due === 0) return
      const own = (assigned.get(it.id)![topic] ??= [])
      for (const partition of wanted) {
        if (own.length === due) return
        if (free.delete(partition)) own.push(partition)
      }
    }
    for (const it of readers) give(it, heldBy(it))
    for (const it of readers) give(it, [...free])
  }
  return assigned
}
