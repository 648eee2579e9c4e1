import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Postgres } from '@cinegraph/engines/postgres/open'

/** What an interrupted import is known by: all of its file, and the database. */
export async function identify({ pool }: Pick<Postgres, 'pool'>, file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  // the same name elsewhere, or after a reset, is another database
  const { rows } = await pool.query<{ id: string }>(
    `SELECT system_identifier || '/' || oid AS id
     FROM pg_control_system(), pg_database WHERE datname = current_database()`,
  )
  return `${hash.digest('hex')} into ${rows[0]!.id}`
}
