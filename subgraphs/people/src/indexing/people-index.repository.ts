import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type {
  FilmDocument,
  GenreDocument,
  PersonDocument,
} from '@cinegraph/engines/search/search-index'
import { isoDate } from '@cinegraph/kit/iso-date'
import { textsOf } from '@cinegraph/kit/language'

type IndexablePerson = Omit<PersonDocument, 'version'>
type IndexableGenre = Omit<GenreDocument, 'version'>
type Rows = Pick<PrismaClient, 'person' | 'genre' | 'credit' | 'filmGenre'>

/** What the search index holds of this subgraph, in all languages. */
export class PeopleIndexRepository {
  constructor(private readonly db: Rows) {}

  /** The next persons by id, the first for null; there are no more when fewer than `limit` come. */
  async personsAfter(id: string | null, limit: number): Promise<IndexablePerson[]> {
    const rows = await this.db.person.findMany({
      ...pageAfter(id, limit),
      select: { id: true, birthDate: true, translations: NAMES },
    })
    return rows.map(({ id, birthDate, translations }) => ({
      id,
      name: textsOf(translations, 'name'),
      birthDate: isoDate(birthDate),
    }))
  }

  /** The next genres by id, the first for null; there are no more when fewer than `limit` come. */
  async genresAfter(id: string | null, limit: number): Promise<IndexableGenre[]> {
    const rows = await this.db.genre.findMany({
      ...pageAfter(id, limit),
      select: { id: true, slug: true, translations: NAMES },
    })
    return rows.map(({ translations, ...genre }) => ({
      ...genre,
      name: textsOf(translations, 'name'),
    }))
  }

  /** By film id, in the film's order; films that have none are left out. */
  async genresOfFilms(filmIds: readonly string[]): Promise<Map<string, FilmDocument['genres']>> {
    const links = await this.db.filmGenre.findMany({
      where: { filmId: { in: [...filmIds] } },
      select: { filmId: true, genreId: true, genre: { select: { translations: NAMES } } },
      orderBy: [{ order: 'asc' }, { genreId: 'asc' }],
    })
    return byFilm(links, ({ genreId, genre }) => ({
      id: genreId,
      name: textsOf(genre.translations, 'name'),
    }))
  }

  /** By film id, in billing order; films that have none are left out. */
  async creditsOfFilms(filmIds: readonly string[]): Promise<Map<string, FilmDocument['credits']>> {
    const credits = await this.db.credit.findMany({
      where: { filmId: { in: [...filmIds] } },
      select: {
        filmId: true,
        personId: true,
        role: true,
        person: { select: { translations: NAMES } },
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

const NAMES = { select: { language: true, name: true } } as const

const pageAfter = (afterId: string | null, limit: number) => ({
  where: afterId === null ? {} : { id: { gt: afterId } },
  orderBy: { id: 'asc' } as const,
  take: limit,
})

const byFilm = <R extends { filmId: string }, T>(rows: readonly R[], map: (row: R) => T) =>
  new Map([...Map.groupBy(rows, (row) => row.filmId)].map(([id, of]) => [id, of.map(map)]))
