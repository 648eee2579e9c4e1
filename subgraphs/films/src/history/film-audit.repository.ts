import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { AuditRecord, Change } from '@cinegraph/kit/changes'

export class FilmAuditRepository {
  constructor(private readonly db: Pick<PrismaClient, 'filmAudit'>) {}

  /** Entries of a film, the newest first; only those before a version where one is given. */
  async list({
    filmId,
    limit,
    before,
  }: {
    filmId: string
    limit: number
    before?: number | undefined
  }): Promise<AuditRecord[]> {
    const rows = await this.db.filmAudit.findMany({
      where: { filmId, ...(before !== undefined && { version: { lt: before } }) },
      orderBy: { version: 'desc' },
      take: limit,
      select: { version: true, action: true, userId: true, at: true, changes: true },
    })
    return rows.map((row) => ({ ...row, changes: row.changes as unknown as Change[] }))
  }

  count(filmId: string): Promise<number> {
    return this.db.filmAudit.count({ where: { filmId } })
  }
}
