import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { CreditRecord } from '../credits/credit.repository.js'
import type { Linked } from './film-links.js'
import { type FilmLinksState, FilmLinksStateRepository } from './film-links-state.repository.js'

/** The genres and credits of films within an edit. Whoever writes those of a film has locked them. */
export class FilmLinksRepository {
  constructor(private readonly db: Pick<PrismaClient, '$queryRaw' | '$executeRaw'>) {}

  /** Whether there is such a film; films shows them to others in this view. */
  async isKnown(filmId: string): Promise<boolean> {
    const rows = await this.db.$queryRaw<unknown[]>`
      SELECT id::text FROM films.known_film WHERE id = ${filmId}::uuid`
    return rows.length > 0
  }

  /** Until the edit ends nobody else writes the links of the film. */
  async lock(filmId: string): Promise<void> {
    await this.lockAll(Prisma.sql`SELECT ${filmId}::uuid AS film_id`)
  }

  async stateOf(filmId: string): Promise<FilmLinksState> {
    const [state] = await new FilmLinksStateRepository(this.db).find([filmId])
    return state!
  }

  /** As `lock`, for all films that this is linked to; versions of their links by the id of the film. */
  lockFilmsOf(linked: Linked): Promise<Map<string, number>> {
    return this.lockAll(
      Prisma.sql`SELECT DISTINCT film_id FROM ${linksOf(linked)} ORDER BY film_id`,
    )
  }

  /** How many films this is linked to, and how many of them there are for films, too: links outlive a film that was deleted. */
  async countFilmsOf(linked: Linked): Promise<{ all: number; known: number }> {
    const [row] = await this.db.$queryRaw<[{ all: number; known: number }]>`
      SELECT count(*)::int AS "all", count(known.id)::int AS known
      FROM (SELECT DISTINCT film_id FROM ${linksOf(linked)}) AS link
      LEFT JOIN films.known_film AS known ON known.id = link.film_id`
    return row
  }

  /** Credits by the id of the film, in billing order; with `personIds` those of them alone. */
  async creditsOf(
    filmIds: readonly string[],
    personIds?: readonly string[],
  ): Promise<Map<string, CreditRecord[]>> {
    const ofPersons = personIds
      ? Prisma.sql`AND person_id = ANY(${personIds}::uuid[])`
      : Prisma.empty
    const rows = await this.db.$queryRaw<(CreditRecord & OfFilm)[]>`
      SELECT film_id::text AS "filmId", id::text, person_id::text AS "personId", role::text, character,
        billing_order AS "order"
      FROM people.credit WHERE film_id = ANY(${filmIds}::uuid[]) ${ofPersons}
      ORDER BY film_id, billing_order`
    return Map.groupBy(rows, ({ filmId }) => filmId)
  }

  /** Ids of genres by the id of the film, in its order. */
  async genresOf(filmIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.db.$queryRaw<({ genreId: string } & OfFilm)[]>`
      SELECT film_id::text AS "filmId", genre_id::text AS "genreId"
      FROM people.film_genre WHERE film_id = ANY(${filmIds}::uuid[]) ORDER BY film_id, "order", genre_id`
    const byFilm = Map.groupBy(rows, ({ filmId }) => filmId)
    return new Map([...byFilm].map(([filmId, of]) => [filmId, of.map(({ genreId }) => genreId)]))
  }

  async setCredits(filmId: string, credits: readonly CreditRecord[]): Promise<void> {
    const rows = JSON.stringify(credits)
    // all anew: an order is unique in a film at every moment, so credits cannot change places one by one
    await this.db.$executeRaw`DELETE FROM people.credit WHERE film_id = ${filmId}::uuid`
    await this.db.$executeRaw`
      INSERT INTO people.credit (id, film_id, person_id, role, character, billing_order)
      SELECT id, ${filmId}::uuid, "personId", role::people.credit_role, character, "order"
      FROM jsonb_to_recordset(${rows}::jsonb)
        AS credit(id uuid, "personId" uuid, role text, character text, "order" int)`
  }

  /** In this order. */
  async setGenres(filmId: string, genreIds: readonly string[]): Promise<void> {
    await this.db.$executeRaw`DELETE FROM people.film_genre WHERE film_id = ${filmId}::uuid`
    await this.db.$executeRaw`
      INSERT INTO people.film_genre (film_id, genre_id, "order")
      SELECT ${filmId}::uuid, genre_id, place
      FROM unnest(${genreIds}::uuid[]) WITH ORDINALITY AS link(genre_id, place)`
  }

  /** In these films the credits of `from` become those of `to`, and of several that say the same the first in billing stays. */
  async moveCredits(filmIds: readonly string[], from: string, to: string): Promise<void> {
    await this.db.$executeRaw`
      WITH credit_of_both AS (
        SELECT id, row_number() OVER (PARTITION BY film_id, role, character ORDER BY billing_order) AS place
        FROM people.credit
        WHERE film_id = ANY(${filmIds}::uuid[]) AND person_id IN (${from}::uuid, ${to}::uuid)
      ), folded AS (
        DELETE FROM people.credit USING credit_of_both
        WHERE credit.id = credit_of_both.id AND place > 1
      )
      UPDATE people.credit SET person_id = ${to}::uuid FROM credit_of_both
      WHERE credit.id = credit_of_both.id AND place = 1 AND person_id = ${from}::uuid`
  }

  /** The versions of the links of these films. */
  async countUp(filmIds: readonly string[]): Promise<void> {
    await this.db.$executeRaw`
      UPDATE people.film_links SET version = version + 1 WHERE film_id = ANY(${filmIds}::uuid[])`
  }

  private async lockAll(films: Prisma.Sql): Promise<Map<string, number>> {
    // a film without a row gets one, or two who set its first links would not meet
    const rows = await this.db.$queryRaw<({ version: number } & OfFilm)[]>`
      INSERT INTO people.film_links AS links (film_id, version) SELECT film_id, 0 FROM (${films}) AS film
      ON CONFLICT (film_id) DO UPDATE SET version = links.version
      RETURNING film_id::text AS "filmId", version`
    return new Map(rows.map(({ filmId, version }) => [filmId, version]))
  }
}

interface OfFilm {
  readonly filmId: string
}

const linksOf = (linked: Linked) =>
  'personId' in linked
    ? Prisma.sql`people.credit WHERE person_id = ${linked.personId}::uuid`
    : Prisma.sql`people.film_genre WHERE genre_id = ${linked.genreId}::uuid`
