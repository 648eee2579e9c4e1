import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { FilmRecord } from '../films/film.record.js'
import { FILM_COLUMNS, filmOf } from '../films/film.repository.js'

/** Where a deleted film stands among them: the latest first. */
export interface DeletedPlace {
  readonly deletedAt: Date
  readonly id: string
}

export class DeletedFilmRepository {
  constructor(private readonly db: Pick<PrismaClient, 'film'>) {}

  async list({
    limit,
    after,
  }: {
    limit: number
    after?: DeletedPlace | undefined
  }): Promise<FilmRecord[]> {
    const rows = await this.db.film.findMany({
      where: { deletedAt: { not: null }, ...(after && beyond(after)) },
      orderBy: [{ deletedAt: 'desc' }, { id: 'desc' }],
      take: limit,
      select: FILM_COLUMNS,
    })
    return rows.map(filmOf)
  }

  count(): Promise<number> {
    return this.db.film.count({ where: { deletedAt: { not: null } } })
  }
}

const beyond = ({ deletedAt, id }: DeletedPlace) => ({
  OR: [{ deletedAt: { lt: deletedAt } }, { deletedAt, id: { lt: id } }],
})
