import type { EpisodeRecord } from './season.record.js'

const SPECIALS = 0

/**
 * The episode that is watched `steps` after this one, or before it; null at either end. Seasons follow each other; specials
 * are a line of their own, for no regular episode leads to them. `all` are those of the film in order.
 */
export function neighbourOf(
  { id, seasonNumber }: EpisodeRecord,
  all: readonly EpisodeRecord[],
  steps: 1 | -1,
): EpisodeRecord | null {
  const isSpecial = seasonNumber === SPECIALS
  const line = all.filter((it) => (it.seasonNumber === SPECIALS) === isSpecial)
  const place = line.findIndex((it) => it.id === id)
  return (place >= 0 && line[place + steps]) || null
}
