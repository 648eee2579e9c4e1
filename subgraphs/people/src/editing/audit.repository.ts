import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { AuditRecord } from '@cinegraph/kit/changes'
import type { AuditedKind } from './edit.js'

/** What has an audit: a person, a genre, or the links of the film of this id. */
export interface Audited {
  readonly kind: AuditedKind
  readonly id: string
}

export interface AuditSlice extends Audited {
  /** Entries of versions below this. */
  readonly before: number
  readonly limit: number
}

export class AuditRepository {
  constructor(private readonly db: Pick<PrismaClient, '$queryRaw'>) {}

  /** The entries of each slice, newest first; all slices in one statement. */
  async findSlices(slices: readonly AuditSlice[]): Promise<AuditRecord[][]> {
    const wanted = JSON.stringify(slices.map((slice, index) => ({ ...slice, index })))
    const rows = await this.db.$queryRaw<(AuditRecord & { index: number })[]>`
      SELECT slice.index, entry.*
      FROM jsonb_to_recordset(${wanted}::jsonb)
        AS slice(index int, kind text, id uuid, before int, "limit" int)
      CROSS JOIN LATERAL (
        SELECT version, action, user_id::text AS "userId", at, changes
        FROM people.people_audit
        WHERE kind = slice.kind::people.audited_kind AND id = slice.id AND version < slice.before
        ORDER BY version DESC
        LIMIT slice."limit"
      ) AS entry
      ORDER BY slice.index, entry.version DESC`
    const bySlice = Map.groupBy(rows, ({ index }) => index)
    return slices.map((_, index) => bySlice.get(index) ?? [])
  }

  /** How many entries each has, in their order. */
  async count(audited: readonly Audited[]): Promise<number[]> {
    const wanted = JSON.stringify(audited.map((it, index) => ({ ...it, index })))
    const rows = await this.db.$queryRaw<{ count: number }[]>`
      SELECT (
        SELECT count(*)::int FROM people.people_audit
        WHERE kind = audited.kind::people.audited_kind AND id = audited.id
      ) AS count
      FROM jsonb_to_recordset(${wanted}::jsonb) AS audited(index int, kind text, id uuid)
      ORDER BY audited.index`
    return rows.map(({ count }) => count)
  }
}
