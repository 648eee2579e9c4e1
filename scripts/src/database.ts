import path from 'node:path'
import { lockDataFolder } from '@cinegraph/embedded/lock'
import { openEmbeddedPostgres } from '@cinegraph/embedded/postgres'
import { openTemporaryPostgres } from '@cinegraph/embedded/temporary-postgres'
import { port, urlOf } from '@cinegraph/kit/config'
import type { Service } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { z } from 'zod'
import { ROOT } from './paths.js'

const STOP_MS = 30_000
const log = createLogger({ name: 'postgres', level: 'error' })

/** Settings that say which database a script works on. */
export const databaseEnv = {
  DATABASE_URL: urlOf('postgres', 'postgresql')
    .optional()
    .describe('a Postgres to use; without it one is started'),
  CINEGRAPH_DATA: z
    .string()
    .default(path.join(ROOT, '.cinegraph'))
    .describe('folder in which the embedded servers keep their data'),
  CINEGRAPH_POSTGRES_PORT: port(0).describe('port of the embedded Postgres; 0 takes a free one'),
}

export interface DatabaseSettings {
  DATABASE_URL?: string | undefined
  CINEGRAPH_DATA: string
  CINEGRAPH_POSTGRES_PORT: number
}

/** Runs `use` with the URL of the Postgres that the settings name: a given one, or the embedded one of the data folder. */
export async function withDatabase<T>(
  settings: DatabaseSettings,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const { DATABASE_URL, CINEGRAPH_DATA, CINEGRAPH_POSTGRES_PORT } = settings
  if (DATABASE_URL !== undefined) return use(DATABASE_URL)
  const lock = await lockDataFolder(CINEGRAPH_DATA)
  try {
    const postgres = openEmbeddedPostgres({
      dataDir: path.join(CINEGRAPH_DATA, 'postgres'),
      ...(CINEGRAPH_POSTGRES_PORT === 0 ? {} : { port: CINEGRAPH_POSTGRES_PORT }),
      log,
    })
    return await during(postgres, () => use(postgres.url))
  } finally {
    await lock.release()
  }
}

/** Runs `use` with the URL of an empty server that goes away afterwards. */
export async function withTemporaryDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  const postgres = await openTemporaryPostgres(log)
  return during(postgres, () => use(postgres.url))
}

async function during<T>(service: Service, use: () => Promise<T>): Promise<T> {
  try {
    await service.start()
    return await use()
  } finally {
    await service.stop(AbortSignal.timeout(STOP_MS))
  }
}
