import path from 'node:path'
import { type DataFolderLock, findLockHolder, lockDataFolder } from '@cinegraph/embedded/lock'
import { openEmbeddedPostgres } from '@cinegraph/embedded/postgres'
import { openTemporaryPostgres } from '@cinegraph/embedded/temporary-postgres'
import { postgresEnv } from '@cinegraph/engines/postgres/env'
import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { port } from '@cinegraph/kit/config'
import { createService, type Service } from '@cinegraph/kit/lifecycle'
import { createLogger, type Logger } from '@cinegraph/kit/logger'
import { z } from 'zod'
import { ROOT } from './paths.js'

const STOP_MS = 30_000
const log = createLogger({ name: 'postgres', level: 'error' })

/** Settings that say which database a script works on. */
export const databaseEnv = {
  DATABASE_URL: postgresEnv.DATABASE_URL.optional().describe(
    `${postgresEnv.DATABASE_URL.description!}; without it one is started`,
  ),
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

export type Database = Service & {
  /** `postgresql://…`; only after start. */
  readonly url: string
  /** For a person: which Postgres this is, without its password; only after start. */
  readonly description: string
  /** Tells later starts on the same data where this one answers. */
  announce: DataFolderLock['announce']
}

/** The Postgres that the settings name: a given one, or the embedded one of the data folder, which is then ours alone. */
export function openDatabase(settings: DatabaseSettings, log: Logger): Database {
  const { DATABASE_URL: url } = settings
  return url === undefined ? embeddedDatabase(settings, log) : givenDatabase(url)
}

/** Runs `use` with the URL of the Postgres that the settings name; beside a Cinegraph that runs on the data folder, with its. */
export async function withDatabase<T>(
  settings: DatabaseSettings,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const holder = await findLockHolder(settings.CINEGRAPH_DATA)
  const url = settings.DATABASE_URL ?? holder?.databaseUrl
  const database = openDatabase({ ...settings, DATABASE_URL: url }, log)
  return during(database, () => use(database.url))
}

/** The same with what opens the tables of users. `name` is for the log. */
export async function withUsers<T>(
  settings: DatabaseSettings,
  name: string,
  use: (postgres: Postgres) => Promise<T>,
): Promise<T> {
  return withDatabase(settings, async (url) => {
    const log = createLogger({ name, level: 'error' })
    const postgres = openPostgres({ url, owner: 'users', log })
    return during(postgres, () => use(postgres))
  })
}

function givenDatabase(url: string): Database {
  return {
    ...createService({ name: 'given-postgres' }),
    url,
    description: `Postgres at ${new URL(url).host}`,
    announce: async () => {},
  }
}

function embeddedDatabase(settings: DatabaseSettings, log: Logger): Database {
  const { CINEGRAPH_DATA: folder, CINEGRAPH_POSTGRES_PORT: port } = settings
  const postgres = openEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    ...(port === 0 ? {} : { port }),
    log,
  })
  let lock: DataFolderLock | undefined
  const service = createService({
    name: postgres.name,
    async start() {
      lock = await lockDataFolder(folder)
      await postgres.start()
    },
    ready: () => postgres.ready(),
    async stop(deadline) {
      await postgres.stop(deadline)
      await lock?.release()
    },
  })
  return {
    ...service,
    get url() {
      return postgres.url
    },
    get description() {
      return `embedded PostgreSQL 18 at ${new URL(postgres.url).host}`
    },
    announce: async (details) => lock?.announce(details),
  }
}

/** Runs `use` with the URL of an empty server that goes away afterwards. `settings` are of postgresql.conf. */
export async function withTemporaryDatabase<T>(
  use: (url: string) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const postgres = await openTemporaryPostgres(log, settings)
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
