import type { EpisodeRecord } from './season.record.js'

const SPECIALS = 0

interface Place {
  readonly line: readonly EpisodeRecord[]
  readonly index: number
}

/** The episodes of one film, in order once for all that is asked of them. */
export class FilmEpisodes {
  private readonly bySeason: ReadonlyMap<number, readonly EpisodeRecord[]>
  private readonly places: ReadonlyMap<string, Place>

  /** `all` by season and number. */
  constructor(all: readonly EpisodeRecord[]) {
    this.bySeason = Map.groupBy(all, ({ seasonNumber }) => seasonNumber)
    const lines = Map.groupBy(all, ({ seasonNumber }) => seasonNumber === SPECIALS)
    this.places = new Map(
      [...lines.values()].flatMap((line) => line.map(({ id }, index) => [id, { line, index }])),
    )
  }

  ofSeason(number: number): readonly EpisodeRecord[] {
    return this.bySeason.get(number) ?? []
  }

  /**
   * The episode that is watched `steps` after this one, or before it; null at either end. Seasons follow each other; specials
   * are a line of their own, for no regular episode leads to them.
   */
  neighbourOf({ id }: EpisodeRecord, steps: 1 | -1): EpisodeRecord | null {
    const place = this.places.get(id)
    return place?.line[place.index + steps] ?? null
  }
}
