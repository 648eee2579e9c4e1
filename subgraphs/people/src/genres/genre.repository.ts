import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { textsOf, type Translations } from '@cinegraph/kit/language'

export interface GenreRecord {
  readonly id: string
  readonly slug: string
  readonly name: Translations
  readonly description: Translations
}

const SELECTED = {
  id: true,
  slug: true,
  translations: { select: { language: true, name: true, description: true } },
} as const

export class GenreRepository {
  constructor(private readonly db: Pick<PrismaClient, 'genre' | 'filmGenre'>) {}

  /** All of them, in no particular order: there are dozens, not thousands. */
  async findAll(): Promise<GenreRecord[]> {
    const rows = await this.db.genre.findMany({ select: SELECTED })
    return rows.map(({ translations, ...genre }) => ({
      ...genre,
      name: textsOf(translations, 'name'),
      description: textsOf(translations, 'description'),
    }))
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
