import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isoDate } from '@cinegraph/kit/iso-date'
import { textsOf } from '@cinegraph/kit/language'
import type { Audience } from '../access/film-access.js'
import type { ExternalId, FilmRecord } from './film.record.js'

/** What a `FilmRecord` is made of. */
export const FILM_COLUMNS = {
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
  trailerUrl: true,
  requiredRole: true,
  hiddenWithoutRole: true,
  publishAt: true,
  deletedAt: true,
  audience: true,
  version: true,
  translations: { select: { language: true, title: true, description: true, tagline: true } },
} satisfies Prisma.FilmSelect

type FilmRow = Prisma.FilmGetPayload<{ select: typeof FILM_COLUMNS }>

export class FilmRepository {
  constructor(private readonly db: Pick<PrismaClient, 'film' | 'filmExternalId' | '$queryRaw'>) {}

  /** In no particular order; two statements however many ids. The ids must be UUIDs. */
  async findByIds(ids: readonly string[]): Promise<FilmRecord[]> {
    const rows = await this.db.film.findMany({
      where: { id: { in: [...ids] } },
      select: FILM_COLUMNS,
    })
    return rows.map(filmOf)
  }

  /** Of all these films, by source. The ids must be UUIDs. */
  externalIdsOf(filmIds: readonly string[]): Promise<(ExternalId & { filmId: string })[]> {
    return this.db.filmExternalId.findMany({
      where: { filmId: { in: [...filmIds] } },
      orderBy: { source: 'asc' },
      select: { filmId: true, source: true, value: true },
    })
  }

  async findIdBySlug(slug: string): Promise<string | null> {
    const row = await this.db.film.findUnique({ where: { slug }, select: { id: true } })
    return row?.id ?? null
  }

  /** Every role without which some film is hidden. */
  async rolesThatHide(): Promise<string[]> {
    // from role to role through the index: a GROUP BY would read each film that is hidden
    const rows = await this.db.$queryRaw<{ role: string }[]>`
      WITH RECURSIVE hiding AS (
        SELECT min(required_role) AS role FROM films.film WHERE hidden_without_role
        UNION ALL
        SELECT (SELECT min(required_role) FROM films.film WHERE hidden_without_role AND required_role > role)
        FROM hiding WHERE role IS NOT NULL
      )
      SELECT role FROM hiding WHERE role IS NOT NULL`
    return rows.map(({ role }) => role)
  }
}

export function filmOf({ translations, ...row }: FilmRow): FilmRecord {
  return {
    ...row,
    audience: row.audience as Audience,
    releaseDate: isoDate(row.releaseDate),
    publishAt: row.publishAt?.toISOString() ?? null,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    title: textsOf(translations, 'title'),
    description: textsOf(translations, 'description'),
    tagline: textsOf(translations, 'tagline'),
  }
}
