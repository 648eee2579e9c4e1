import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { Change } from '@cinegraph/kit/changes'

/** An edit as it is stored. */
export interface FilmAuditRecord {
  /** Of the film, after the edit. */
  readonly version: number
  readonly action: string
  /** Null when it was the schedule. */
  readonly userId: string | null
  readonly at: Date
  readonly changes: readonly Change[]
}

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
  }): Promise<FilmAuditRecord[]> {
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
