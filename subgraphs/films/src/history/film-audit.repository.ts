import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { AuditRecord } from '@cinegraph/kit/changes'

export interface AuditSlice {
  readonly filmId: string
  /** Entries of versions below this. */
  readonly before: number
  readonly limit: number
}

export class FilmAuditRepository {
  constructor(private readonly db: Pick<PrismaClient, '$queryRaw'>) {}

  /** The entries of each slice, newest first; all slices in one statement. The ids must be UUIDs. */
  async findSlices(slices: readonly AuditSlice[]): Promise<AuditRecord[][]> {
    const wanted = JSON.stringify(slices.map((slice, index) => ({ ...slice, index })))
    const rows = await this.db.$queryRaw<(AuditRecord & { index: number })[]>`
      SELECT slice.index, entry.*
      FROM jsonb_to_recordset(${wanted}::jsonb)
        AS slice(index int, "filmId" uuid, before int, "limit" int)
      CROSS JOIN LATERAL (
        SELECT version, action, user_id::text AS "userId", at, changes
        FROM films.film_audit
        WHERE film_id = slice."filmId" AND version < slice.before
        ORDER BY version DESC
        LIMIT slice."limit"
      ) AS entry
      ORDER BY slice.index, entry.version DESC`
    const bySlice = Map.groupBy(rows, ({ index }) => index)
    return slices.map((_, index) =>
      (bySlice.get(index) ?? []).map(({ index: __, ...entry }) => entry),
    )
  }

  /** How many entries each film has, in their order. The ids must be UUIDs. */
  async count(filmIds: readonly string[]): Promise<number[]> {
    const rows = await this.db.$queryRaw<{ id: string; count: number }[]>`
      SELECT film_id::text AS id, count(*)::int AS count
      FROM films.film_audit WHERE film_id = ANY(${filmIds}::uuid[]) GROUP BY film_id`
    const counts = new Map(rows.map(({ id, count }) => [id, count]))
    return filmIds.map((id) => counts.get(id) ?? 0)
  }
}
