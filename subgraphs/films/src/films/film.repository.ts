import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isoDate } from '@cinegraph/kit/iso-date'
import { textsOf } from '@cinegraph/kit/language'
import { type Audience, audienceOf } from '../access/film-access.js'
import type { FilmRecord } from './film.record.js'

const COLUMNS = {
  id: true,
  slug: true,
  type: true,
  status: true,
  originalTitle: true,
  originalLanguage: true,
  releaseDate: true,
  releaseYear: true,
  runtimeMinutes: true,
  ageRating: true,
  countries: true,
  externalRating: true,
  creditsStartSec: true,
  requiredRole: true,
  hiddenWithoutRole: true,
  translations: { select: { language: true, title: true, description: true, tagline: true } },
} satisfies Prisma.FilmSelect

type FilmRow = Prisma.FilmGetPayload<{ select: typeof COLUMNS }>

/** A film and who may see it, hidden or not. */
export interface IndexableFilm extends FilmRecord {
  readonly audience: Audience
}

export class FilmRepository {
  constructor(private readonly db: Pick<PrismaClient, 'film'>) {}

  /** In no particular order; two statements however many ids. The ids must be UUIDs. */
  async findByIds(ids: readonly string[]): Promise<FilmRecord[]> {
    const rows = await this.db.film.findMany({ where: { id: { in: [...ids] } }, select: COLUMNS })
    return rows.map(recordOf)
  }

  async findIdBySlug(slug: string): Promise<string | null> {
    const row = await this.db.film.findUnique({ where: { slug }, select: { id: true } })
    return row?.id ?? null
  }

  /** Every role without which some film is hidden. */
  async rolesThatHide(): Promise<string[]> {
    const groups = await this.db.film.groupBy({
      by: ['requiredRole'],
      where: { hiddenWithoutRole: true, requiredRole: { not: null } },
    })
    return groups.map(({ requiredRole }) => requiredRole!)
  }

  /** Walks all films, hidden ones included, in the order of their ids: the next `limit` after `afterId`, from the first for null. */
  async readForIndex(afterId: string | null, limit: number): Promise<IndexableFilm[]> {
    const rows = await this.db.film.findMany({
      ...(afterId === null ? {} : { where: { id: { gt: afterId } } }),
      orderBy: { id: 'asc' },
      take: limit,
      select: COLUMNS,
    })
    return rows.map((row) => ({ ...recordOf(row), audience: audienceOf(row) }))
  }
}

function recordOf({ translations, releaseDate, ...row }: FilmRow): FilmRecord {
  return {
    ...row,
    releaseDate: isoDate(releaseDate),
    title: textsOf(translations, 'title'),
    description: textsOf(translations, 'description'),
    tagline: textsOf(translations, 'tagline'),
  }
}
