/** A consumer of a group. */
export interface Member {
  readonly id: string
  /** Names of topics that it reads. */
  readonly topics: readonly string[]
}

export interface FairShareOptions {
  members: readonly Member[]
  topics: readonly { readonly name: string; readonly partitions: number }[]
  /** The consumer who asks. */
  id: string
}

/**
 * How many partitions of each topic a consumer is due. Those who know of the same members and topics come to shares that add
 * up to all partitions, of each topic and, when they read the same topics, as equal as can be over all of them together.
 */
export function fairShare({ members, topics, id }: FairShareOptions): Map<string, number> {
  const due = new Map<string, number>()
  let start = 0
  for (const { name, partitions } of topics.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const readers = members.filter((it) => it.topics.includes(name)).map((it) => it.id)
    if (readers.length === 0) continue
    const rank = readers.toSorted().indexOf(id)
    // those who get one more than the others are not the same for every topic
    const remainder = partitions % readers.length
    const turn = (((rank - start) % readers.length) + readers.length) % readers.length
    if (rank >= 0) due.set(name, Math.floor(partitions / readers.length) + Number(turn < remainder))
    start += remainder
  }
  return due
}
