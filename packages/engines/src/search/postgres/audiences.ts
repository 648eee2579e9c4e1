import type { Run } from './connection.js'

/** Every audience that some film has: one look into an index for each. */
export async function listAudiences(run: Run): Promise<string[]> {
  const rows = await run<{ audience: string }>(
    `WITH RECURSIVE listed AS (
      SELECT min(audience) AS audience FROM search.film_facts
      UNION ALL
      SELECT (SELECT min(audience) FROM search.film_facts WHERE audience > listed.audience)
      FROM listed WHERE listed.audience IS NOT NULL
    )
    SELECT audience FROM listed WHERE audience IS NOT NULL`,
    [],
  )
  return rows.map(({ audience }) => audience)
}
