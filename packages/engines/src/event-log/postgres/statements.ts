import { DependencyError } from '@cinegraph/kit/errors'
import type pg from 'pg'

/** What errors, metrics and log lines name. */
export const ENGINE = 'postgres'

/** The time, in statements. Always the database's: clocks of processes differ. */
export const NOW = 'clock_timestamp()'

/** A statement that each connection prepares once, under its name. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Its rows. Throws a DependencyError. */
export async function ask<R extends object>(
  pool: pg.Pool,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<R[]> {
  try {
    const { rows } = await pool.query<R>({
      name: `cinegraph_event_log_${name}`,
      text,
      values: [...values],
    })
    return rows
  } catch (error) {
    throw new DependencyError(ENGINE, `could not ${name}`, { cause: error })
  }
}
