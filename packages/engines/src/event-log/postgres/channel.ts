/** What consumers LISTEN to; `append_to_log` of the database notifies it too. */
export const CHANNEL = 'platform_log'

const GROUP = 'group '

/** The notification that consumers of a group have come or gone, or that partitions are free. */
export const groupNews = (group: string) => `${GROUP}${group}`

export type News = { group: string } | { heads: ReadonlyMap<number, number> }

/** What a notification says: that a group has changed, or the next offset of partitions, by their ids. */
export function parseNews(payload: string): News {
  if (payload.startsWith(GROUP)) return { group: payload.slice(GROUP.length) }
  const pairs = payload.split(',').map((pair) => pair.split(':').map(Number))
  return { heads: new Map(pairs.map(([id, next]) => [id!, next!])) }
}
