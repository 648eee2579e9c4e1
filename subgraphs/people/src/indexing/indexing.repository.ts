import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type {
  FilmDocument,
  GenreDocument,
  PersonDocument,
} from '@cinegraph/engines/search/search-index'
import { textsOf } from '../translations.js'

const NAME = { language: true, name: true } as const

const after = (afterId: string | null, limit: number) => ({
  where: afterId === null ? {} : { id: { gt: afterId } },
  orderBy: { id: 'asc' } as const,
  take: limit,
})

/** Reads what the search index holds of this subgraph, in all languages; the caller gives documents their version. */
export class IndexingRepository {
  constructor(
    private readonly db: Pick<PrismaClient, 'person' | 'genre' | 'credit' | 'filmGenre'>,
  ) {}

  /** The next persons by id; none are left when fewer than `limit` come. */
  async readPersons(
    afterId: string | null,
    limit: number,
  ): Promise<Omit<PersonDocument, 'version'>[]> {
    const rows = await this.db.person.findMany({
      ...after(afterId, limit),
      select: { id: true, birthDate: true, translations: { select: NAME } },
    })
    return rows.map(({ id, birthDate, translations }) => ({
      id,
      name: textsOf(translations, 'name'),
      birthDate: birthDate && birthDate.toISOString().slice(0, 10),
    }))
  }

  /** The next genres by id; none are left when fewer than `limit` come. */
  async readGenres(
    afterId: string | null,
    limit: number,
  ): Promise<Omit<GenreDocument, 'version'>[]> {
    const rows = await this.db.genre.findMany({
      ...after(afterId, limit),
      select: { id: true, slug: true, translations: { select: NAME } },
    })
    return rows.map(({ translations, ...genre }) => ({
      ...genre,
      name: textsOf(translations, 'name'),
    }))
  }

  /** Genres of each film, in the film's order; films without any are left out. */
  async genresOfFilms(
    filmIds: readonly string[],
  ): Promise<ReadonlyMap<string, FilmDocument['genres']>> {
    const links = await this.db.filmGenre.findMany({
      where: { filmId: { in: [...filmIds] } },
      select: {
        filmId: true,
        genre: { select: { id: true, translations: { select: NAME } } },
      },
      orderBy: [{ order: 'asc' }, { genreId: 'asc' }],
    })
    return byFilm(links, ({ genre }) => ({
      id: genre.id,
      name: textsOf(genre.translations, 'name'),
    }))
  }

  /** Credits of each film, in billing order; films without any are left out. */
  async creditsOfFilms(
    filmIds: readonly string[],
  ): Promise<ReadonlyMap<string, FilmDocument['credits']>> {
    const credits = await this.db.credit.findMany({
      where: { filmId: { in: [...filmIds] } },
      select: {
        filmId: true,
        personId: true,
        role: true,
        person: { select: { translations: { select: NAME } } },
      },
      orderBy: { billingOrder: 'asc' },
    })
    return byFilm(credits, ({ personId, role, person }) => ({
      personId,
      role,
      name: textsOf(person.translations, 'name'),
    }))
  }
}

const byFilm = <R extends { filmId: string }, T>(rows: readonly R[], map: (row: R) => T) =>
  new Map([...Map.groupBy(rows, (row) => row.filmId)].map(([id, of]) => [id, of.map(map)]))
