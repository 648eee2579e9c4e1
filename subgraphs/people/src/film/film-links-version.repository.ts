import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'

export class FilmLinksVersionRepository {
  constructor(private readonly db: Pick<PrismaClient, 'filmLinks'>) {}

  /** By the id of the film; films whose links nobody has ever set are left out. */
  async find(filmIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.db.filmLinks.findMany({
      where: { filmId: { in: [...filmIds] } },
      select: { filmId: true, version: true },
    })
    return new Map(rows.map(({ filmId, version }) => [filmId, version]))
  }
}
