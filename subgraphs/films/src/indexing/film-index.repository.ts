import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { type Audience, audienceOf } from '../access/film-access.js'
import type { FilmRecord } from '../films/film.record.js'
import { FILM_COLUMNS, filmOf } from '../films/film.repository.js'

/** A film and who may see it, hidden or not. */
export interface IndexableFilm extends FilmRecord {
  readonly audience: Audience
}

/** What the search index holds of this subgraph, in all languages. */
export class FilmIndexRepository {
  constructor(private readonly db: Pick<PrismaClient, 'film'>) {}

  /** The next films by id, hidden ones included, the first for null; there are no more when fewer than `limit` come. */
  async filmsAfter(id: string | null, limit: number): Promise<IndexableFilm[]> {
    const rows = await this.db.film.findMany({
      where: id === null ? {} : { id: { gt: id } },
      orderBy: { id: 'asc' },
      take: limit,
      select: FILM_COLUMNS,
    })
    return rows.map((row) => ({ ...filmOf(row), audience: audienceOf(row) }))
  }
}
