import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type {
  FilmDocument,
  GenreDocument,
  PersonDocument,
} from '@cinegraph/engines/search/search-index'
import { isoDate } from '@cinegraph/kit/iso-date'
import { textsOf } from '@cinegraph/kit/language'

type Rows = Pick<PrismaClient, 'person' | 'genre' | 'credit' | 'filmGenre'>

/** The next rows by id, the first for null; there are no more when fewer than `limit` come. */
type ReadPage<T> = (afterId: string | null, limit: number) => Promise<T[]>
/** What belongs to each film, in the film's order; films that have none are left out. */
type ReadLinks<T> = (filmIds: readonly string[]) => Promise<ReadonlyMap<string, T>>

/** What the search index holds of this subgraph, in all languages; documents get their version from the caller. */
export interface PeopleIndexReads {
  readonly persons: ReadPage<Omit<PersonDocument, 'version'>>
  readonly genres: ReadPage<Omit<GenreDocument, 'version'>>
  readonly genresOfFilms: ReadLinks<FilmDocument['genres']>
  readonly creditsOfFilms: ReadLinks<FilmDocument['credits']>
}

export const createPeopleIndexReads = (db: Rows): PeopleIndexReads => ({
  async persons(afterId, limit) {
    const rows = await db.person.findMany({
      ...pageAfter(afterId, limit),
      select: { id: true, birthDate: true, translations: NAMES },
    })
    return rows.map(({ id, birthDate, translations }) => ({
      id,
      name: textsOf(translations, 'name'),
      birthDate: isoDate(birthDate),
    }))
  },

  async genres(afterId, limit) {
    const rows = await db.genre.findMany({
      ...pageAfter(afterId, limit),
      select: { id: true, slug: true, translations: NAMES },
    })
    return rows.map(({ translations, ...genre }) => ({
      ...genre,
      name: textsOf(translations, 'name'),
    }))
  },

  async genresOfFilms(filmIds) {
    const links = await db.filmGenre.findMany({
      where: { filmId: { in: [...filmIds] } },
      select: { filmId: true, genreId: true, genre: { select: { translations: NAMES } } },
      orderBy: [{ order: 'asc' }, { genreId: 'asc' }],
    })
    return byFilm(links, ({ genreId, genre }) => ({
      id: genreId,
      name: textsOf(genre.translations, 'name'),
    }))
  },

  async creditsOfFilms(filmIds) {
    const credits = await db.credit.findMany({
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
  },
})

const NAMES = { select: { language: true, name: true } } as const

const pageAfter = (afterId: string | null, limit: number) => ({
  where: afterId === null ? {} : { id: { gt: afterId } },
  orderBy: { id: 'asc' } as const,
  take: limit,
})

const byFilm = <R extends { filmId: string }, T>(rows: readonly R[], map: (row: R) => T) =>
  new Map([...Map.groupBy(rows, (row) => row.filmId)].map(([id, of]) => [id, of.map(map)]))
