import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'

/**
 * Until the transaction ends nobody else gives these values to a film or takes them from one. All at once and in one order in
 * all processes, so that two that swap values wait for each other one after the other.
 */
export async function lockValues(
  db: Pick<PrismaClient, '$executeRaw'>,
  values: readonly string[],
): Promise<void> {
  await db.$executeRaw`
    SELECT pg_advisory_xact_lock(key)
    FROM (
      SELECT DISTINCT hashtextextended('films ' || value, 0) AS key
      FROM unnest(${values}::text[]) AS value ORDER BY key
    ) AS in_order`
}
