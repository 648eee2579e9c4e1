import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { CreditRecord } from '../credits/credit.repository.js'

/** The links of a film at one moment. */
export interface FilmLinksState {
  readonly film: { readonly id: string }
  /** How often they were edited; 0 when nobody ever has. */
  readonly version: number
  readonly genreIds: readonly string[]
  readonly credits: readonly CreditRecord[]
}

export class FilmLinksStateRepository {
  constructor(private readonly db: Pick<PrismaClient, '$queryRaw'>) {}

  /** Of each film, in their order. All is of one statement, so the lists are those of the version. */
  async find(filmIds: readonly string[]): Promise<FilmLinksState[]> {
    const rows = await this.db.$queryRaw<(Omit<FilmLinksState, 'film'> & { filmId: string })[]>`
      SELECT film.id::text AS "filmId",
        coalesce((SELECT version FROM people.film_links WHERE film_id = film.id), 0) AS version,
        ARRAY(
          SELECT genre_id::text FROM people.film_genre WHERE film_id = film.id ORDER BY "order", genre_id
        ) AS "genreIds",
        coalesce((
          SELECT jsonb_agg(
            jsonb_build_object('id', id, 'personId', person_id, 'role', role, 'character', character, 'order', billing_order)
            ORDER BY billing_order
          )
          FROM people.credit WHERE film_id = film.id
        ), '[]') AS credits
      FROM unnest(${filmIds}::uuid[]) WITH ORDINALITY AS film(id, place) ORDER BY film.place`
    return rows.map(({ filmId, ...state }) => ({ film: { id: filmId }, ...state }))
  }
}
