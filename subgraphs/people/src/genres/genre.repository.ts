import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { textsOf, type Translations } from '@cinegraph/kit/language'

export interface GenreRecord {
  readonly id: string
  readonly slug: string
  readonly name: Translations
  readonly description: Translations
}

export interface StoredGenre extends GenreRecord {
  /** Rises by one with every edit. */
  readonly version: number
}

const SELECTED = {
  id: true,
  slug: true,
  version: true,
  translations: { select: { language: true, name: true, description: true } },
} as const

export class GenreRepository {
  constructor(private readonly db: Pick<PrismaClient, 'genre' | 'filmGenre'>) {}

  /** All of them, in no particular order: there are dozens, not thousands. */
  async findAll(): Promise<StoredGenre[]> {
    const rows = await this.db.genre.findMany({ select: SELECTED })
    return rows.map(toRecord)
  }

  async find(id: string): Promise<StoredGenre | undefined> {
    const row = await this.db.genre.findUnique({ where: { id }, select: SELECTED })
    return row ? toRecord(row) : undefined
  }

  /** Genre ids of each film, in the film's order. */
  async findIdsByFilms(filmIds: readonly string[]): Promise<Map<string, string[]>> {
    const links = await this.db.filmGenre.findMany({
      where: { filmId: { in: [...filmIds] } },
      select: { filmId: true, genreId: true },
      orderBy: [{ order: 'asc' }, { genreId: 'asc' }],
    })
    const byFilm = Map.groupBy(links, (link) => link.filmId)
    return new Map([...byFilm].map(([filmId, of]) => [filmId, of.map((link) => link.genreId)]))
  }
}

interface GenreRow {
  id: string
  slug: string
  version: number
  translations: { language: string; name: string; description: string | null }[]
}

const toRecord = ({ translations, ...genre }: GenreRow): StoredGenre => ({
  ...genre,
  name: textsOf(translations, 'name'),
  description: textsOf(translations, 'description'),
})
