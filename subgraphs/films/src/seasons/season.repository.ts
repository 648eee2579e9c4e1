import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isoDate } from '@cinegraph/kit/iso-date'
import { textsOf } from '@cinegraph/kit/language'
import type { EpisodeRecord, SeasonRecord } from './season.record.js'

/** What seasons and episodes have alike. */
export const SEASON_COLUMNS = {
  number: true,
  releaseDate: true,
  translations: { select: { language: true, title: true, description: true } },
} satisfies Prisma.SeasonSelect & Prisma.EpisodeSelect

export const EPISODE_COLUMNS = {
  ...SEASON_COLUMNS,
  id: true,
  runtimeMinutes: true,
  creditsStartSec: true,
} satisfies Prisma.EpisodeSelect

/** Each answer takes the same statements however many ids it is for. The ids must be UUIDs. */
export class SeasonRepository {
  constructor(private readonly db: Pick<PrismaClient, 'season' | 'episode'>) {}

  /** Of all these films, by number. */
  async seasonsOf(filmIds: readonly string[]): Promise<SeasonRecord[]> {
    const rows = await this.db.season.findMany({
      where: { filmId: { in: [...filmIds] } },
      orderBy: { number: 'asc' },
      select: { ...SEASON_COLUMNS, filmId: true },
    })
    return rows.map(partOf)
  }

  /** Of all seasons of all these films, in the order in which they are watched. */
  episodesOf(filmIds: readonly string[]): Promise<EpisodeRecord[]> {
    return this.episodes({ season: { filmId: { in: [...filmIds] } } })
  }

  /** In no particular order. */
  episodesByIds(ids: readonly string[]): Promise<EpisodeRecord[]> {
    return this.episodes({ id: { in: [...ids] } })
  }

  private async episodes(where: Prisma.EpisodeWhereInput): Promise<EpisodeRecord[]> {
    const rows = await this.db.episode.findMany({
      where,
      orderBy: [{ season: { number: 'asc' } }, { number: 'asc' }],
      select: { ...EPISODE_COLUMNS, season: { select: { filmId: true, number: true } } },
    })
    return rows.map(({ season, ...row }) => ({
      ...partOf(row),
      filmId: season.filmId,
      seasonNumber: season.number,
    }))
  }
}

type PartRow = Prisma.SeasonGetPayload<{ select: typeof SEASON_COLUMNS }>

/** A row with its texts by language and its date as text. */
export const partOf = <R extends PartRow>({ translations, releaseDate, ...row }: R) => ({
  ...row,
  releaseDate: isoDate(releaseDate),
  title: textsOf(translations, 'title'),
  description: textsOf(translations, 'description'),
})
