import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isoDate } from '@cinegraph/kit/iso-date'
import { textsOf } from '@cinegraph/kit/language'
import type { EpisodeRecord, SeasonRecord } from './season.record.js'

const TEXTS = { select: { language: true, title: true, description: true } }

const EPISODE_COLUMNS = {
  id: true,
  number: true,
  releaseDate: true,
  runtimeMinutes: true,
  creditsStartSec: true,
  translations: TEXTS,
  season: { select: { filmId: true, number: true } },
} satisfies Prisma.EpisodeSelect

/** Each answer takes the same statements however many ids it is for. The ids must be UUIDs. */
export class SeasonRepository {
  constructor(private readonly db: Pick<PrismaClient, 'season' | 'episode'>) {}

  /** Of all these films, by number. */
  async seasonsOf(filmIds: readonly string[]): Promise<SeasonRecord[]> {
    const rows = await this.db.season.findMany({
      where: { filmId: { in: [...filmIds] } },
      orderBy: { number: 'asc' },
      select: { filmId: true, number: true, releaseDate: true, translations: TEXTS },
    })
    return rows.map(({ translations, releaseDate, ...row }) => ({
      ...row,
      releaseDate: isoDate(releaseDate),
      title: textsOf(translations, 'title'),
      description: textsOf(translations, 'description'),
    }))
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
      select: EPISODE_COLUMNS,
    })
    return rows.map(({ season, translations, releaseDate, ...row }) => ({
      ...row,
      filmId: season.filmId,
      seasonNumber: season.number,
      releaseDate: isoDate(releaseDate),
      title: textsOf(translations, 'title'),
      description: textsOf(translations, 'description'),
    }))
  }
}
