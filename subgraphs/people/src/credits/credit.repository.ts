import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { CreditRole } from '@cinegraph/engines/search/credit-role'

export interface CreditRecord {
  readonly id: string
  readonly personId: string
  readonly role: CreditRole
  readonly character: string | null
  readonly order: number
}

export interface CreditSlice {
  readonly filmId: string
  /** Each once. */
  readonly roles: readonly CreditRole[]
  /** Credits whose order is above this. */
  readonly after: number
  readonly limit: number
}

export interface CreditCount {
  readonly filmId: string
  readonly role: CreditRole
  readonly count: number
}

export class CreditRepository {
  constructor(private readonly db: Pick<PrismaClient, 'credit' | '$queryRaw'>) {}

  /**
   * The credits of each slice, by order. One statement reads all slices, each with its own limit: Prisma has no such query. Of each role
   * it reads no more than the limit, so a page costs the same however many credits the film has.
   */
  async findSlices(slices: readonly CreditSlice[]): Promise<CreditRecord[][]> {
    const wanted = JSON.stringify(slices.map((slice, index) => ({ ...slice, index })))
    const rows = await this.db.$queryRaw<(CreditRecord & { index: number })[]>`
      SELECT slice.index, credit.*
      FROM jsonb_to_recordset(${wanted}::jsonb)
        AS slice(index int, "filmId" uuid, roles people.credit_role[], after int, "limit" int)
      CROSS JOIN LATERAL (
        SELECT of_role.* FROM unnest(slice.roles) AS wanted(role)
        CROSS JOIN LATERAL (
          SELECT id, person_id AS "personId", role::text, character, billing_order AS "order"
          FROM people.credit
          WHERE film_id = slice."filmId" AND role = wanted.role AND billing_order > slice.after
          ORDER BY billing_order
          LIMIT slice."limit"
        ) AS of_role
        ORDER BY "order"
        LIMIT slice."limit"
      ) AS credit
      ORDER BY slice.index, credit."order"`
    const bySlice = Map.groupBy(rows, (row) => row.index)
    return slices.map((_, index) => bySlice.get(index) ?? [])
  }

  /** How many credits each film has in each role; those it has none in are left out. */
  async countByRole(filmIds: readonly string[]): Promise<CreditCount[]> {
    const rows = await this.db.credit.groupBy({
      by: ['filmId', 'role'],
      where: { filmId: { in: [...filmIds] } },
      _count: true,
    })
    return rows.map(({ filmId, role, _count: count }) => ({ filmId, role, count }))
  }
}
