import type { Translations } from '@cinegraph/kit/language'

/** A season of a series, without its episodes. */
export interface SeasonRecord {
  readonly filmId: string
  /** 0 is that of the specials. */
  readonly number: number
  /** `YYYY-MM-DD` */
  readonly releaseDate: string | null
  readonly title: Translations
  readonly description: Translations
}

/** An episode; whoever may see its film may see it. */
export interface EpisodeRecord {
  readonly id: string
  readonly filmId: string
  readonly seasonNumber: number
  readonly number: number
  /** `YYYY-MM-DD` */
  readonly releaseDate: string | null
  readonly runtimeMinutes: number | null
  readonly creditsStartSec: number | null
  readonly title: Translations
  readonly description: Translations
}
