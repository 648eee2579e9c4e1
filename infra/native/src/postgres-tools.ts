import { readPlaces } from './config.js'
import { fetchPostgres, findPostgres, librariesOf } from './servers/postgres-programs.js'

/** Where `pg_dump`, `pg_restore` and others of the Postgres are that `npm run servers` starts, and what they need around them. */
export async function postgresPrograms(): Promise<{ folder: string; env: Record<string, string> }> {
  const { cache } = await readPlaces()
  const { folder } = (await findPostgres(cache)) ?? (await fetchPostgres(cache))
  return { folder, env: await librariesOf(folder) }
}
