import type { Postgres } from '@cinegraph/engines/postgres/open'

/** What a row names, by all of its names. */
export interface Named {
  readonly line: number
  readonly keys: readonly string[]
}

/** The names that the rows of one file have had so far. They lie with Postgres, so there may be any number. */
export interface Seen {
  /** Adds those of `rows`; for each, the line that had one of them earlier. */
  add(rows: readonly Named[]): Promise<(number | undefined)[]>
  /** Those of `keys` that some row had. */
  among(keys: readonly string[]): Promise<Set<string>>
  close(): void
}

export async function openSeen({ pool }: Pick<Postgres, 'pool'>): Promise<Seen> {
  const client = await pool.connect()
  // the next question says so
  client.on('error', () => {})
  await client.query('CREATE TEMPORARY TABLE seen (key text PRIMARY KEY, line bigint NOT NULL)')
  const linesOf = async (keys: readonly string[]) => {
    const { rows } = await client.query<{ key: string; line: string }>(
      'SELECT key, line FROM seen WHERE key = ANY($1)',
      [keys],
    )
    return new Map(rows.map(({ key, line }) => [key, Number(line)]))
  }
  return {
    async add(rows) {
      if (rows.length === 0) return []
      const pairs = rows.flatMap(({ line, keys }) => keys.map((key) => ({ line, key })))
      const keys = pairs.map(({ key }) => key)
      // in the order of the file: of two rows with one name the first one has it
      await client.query(
        `INSERT INTO seen SELECT key, line FROM unnest($1::text[], $2::bigint[])
           WITH ORDINALITY AS it (key, line, place) ORDER BY place
         ON CONFLICT DO NOTHING`,
        [keys, pairs.map(({ line }) => line)],
      )
      const lines = await linesOf(keys)
      return rows.map(({ line, keys }) =>
        keys.map((key) => lines.get(key)).find((it) => it !== undefined && it !== line),
      )
    },
    async among(keys) {
      return new Set((await linesOf(keys)).keys())
    },
    // with its connection the table goes
    close: () => client.release(true),
  }
}
