import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { CreditLink, FilmRow, GenreLink, GenreRow, PersonRow } from './project.js'

/** Entities of one kind: those of some ids, or the next in the order of ids, the first for `after: null`. */
export type Selection =
  { readonly ids: readonly string[] } | { readonly after: string | null; readonly limit: number }

/**
 * What films and people show of their entities in views: whole, in all languages, hidden ones too, but none that is deleted.
 * Everything is in the order of ids, links in the order in which they are shown.
 */
export class CatalogueRepository {
  constructor(private readonly db: Pick<PrismaClient, '$queryRaw'>) {}

  /** Microseconds since 1970 by the database's clock. */
  async clock(): Promise<number> {
    const [{ now }] = await this.db.$queryRaw<[{ now: bigint }]>`
      SELECT (extract(epoch FROM clock_timestamp()) * 1e6)::bigint AS now`
    return Number(now)
  }

  /** How many there are of each kind. */
  async counts(): Promise<{ film: number; person: number; genre: number }> {
    const [counts] = await this.db.$queryRaw<[{ film: number; person: number; genre: number }]>`
      SELECT (SELECT count(*)::int FROM films.indexed_film) AS film,
        (SELECT count(*)::int FROM people.indexed_person) AS person,
        (SELECT count(*)::int FROM people.indexed_genre) AS genre`
    return counts
  }

  films(selection: Selection): Promise<FilmRow[]> {
    return this.db.$queryRaw`
      SELECT id::text, audience, status, type, title, original_title AS "originalTitle", description, release_date AS "releaseDate",
        release_year AS "releaseYear", age_rating AS "ageRating", countries, external_rating AS "externalRating", seasons
      FROM films.indexed_film AS entity ${selected(selection)}`
  }

  persons(selection: Selection): Promise<PersonRow[]> {
    return this.db.$queryRaw`
      SELECT id::text, name, birth_date AS "birthDate" FROM people.indexed_person AS entity ${selected(selection)}`
  }

  genres(selection: Selection): Promise<GenreRow[]> {
    return this.db.$queryRaw`
      SELECT id::text, slug, name FROM people.indexed_genre AS entity ${selected(selection)}`
  }

  /** By film id; films that have none are left out. */
  async genresOfFilms(filmIds: readonly string[]): Promise<Map<string, GenreLink[]>> {
    const links = await this.db.$queryRaw<(GenreLink & OfFilm)[]>`
      SELECT film_id::text AS "filmId", genre_id::text AS id, name
      FROM people.indexed_film_genre WHERE film_id = ANY(${filmIds}::uuid[]) ORDER BY place, genre_id`
    return byFilm(links)
  }

  /** By film id; films that have none are left out. */
  async creditsOfFilms(filmIds: readonly string[]): Promise<Map<string, CreditLink[]>> {
    // names come once for each person: the view makes one for each credit
    const credits = await this.db.$queryRaw<(Omit<CreditLink, 'name'> & OfFilm)[]>`
      SELECT film_id::text AS "filmId", person_id::text AS "personId", role, "character"
      FROM people.indexed_credit WHERE film_id = ANY(${filmIds}::uuid[]) ORDER BY place`
    const persons = await this.persons({ ids: [...new Set(credits.map((it) => it.personId))] })
    const names = new Map(persons.map(({ id, name }) => [id, name]))
    return byFilm(
      credits.flatMap((credit) => {
        const name = names.get(credit.personId)
        // who was deleted in between
        return name ? [{ ...credit, name }] : []
      }),
    )
  }

  /** Ids of the next films that the person has a credit of, each once. */
  filmsOfPerson(personId: string, page: Page): Promise<string[]> {
    return this.filmIds(Prisma.sql`people.indexed_credit WHERE person_id = ${personId}::uuid`, page)
  }

  /** Ids of the next films of the genre. */
  filmsOfGenre(genreId: string, page: Page): Promise<string[]> {
    return this.filmIds(
      Prisma.sql`people.indexed_film_genre WHERE genre_id = ${genreId}::uuid`,
      page,
    )
  }

  private async filmIds(links: Prisma.Sql, { after, limit }: Page): Promise<string[]> {
    const beyond = after === null ? Prisma.empty : Prisma.sql`AND film_id > ${after}::uuid`
    const rows = await this.db.$queryRaw<OfFilm[]>`
      SELECT film_id::text AS "filmId"
      FROM (SELECT DISTINCT film_id FROM ${links} ${beyond} ORDER BY film_id LIMIT ${limit}) AS page`
    return rows.map(({ filmId }) => filmId)
  }
}

type Page = Extract<Selection, { limit: number }>
interface OfFilm {
  readonly filmId: string
}

// a bare `id` would be the text that is selected, by which all rows would have to be sorted for each page
function selected(selection: Selection): Prisma.Sql {
  if ('ids' in selection) {
    return Prisma.sql`WHERE entity.id = ANY(${selection.ids}::uuid[]) ORDER BY entity.id`
  }
  const { after, limit } = selection
  const beyond = after === null ? Prisma.empty : Prisma.sql`WHERE entity.id > ${after}::uuid`
  return Prisma.sql`${beyond} ORDER BY entity.id LIMIT ${limit}`
}

const byFilm = <T>(rows: readonly (T & OfFilm)[]) =>
  new Map(
    [...Map.groupBy(rows, ({ filmId }) => filmId)].map(([id, of]) => [
      id,
      of.map(({ filmId: _, ...link }) => link as T),
    ]),
  )
