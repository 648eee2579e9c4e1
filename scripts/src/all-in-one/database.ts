import path from 'node:path'
import { lockDataFolder, type DataFolderLock } from '@cinegraph/embedded/lock'
import { openEmbeddedPostgres } from '@cinegraph/embedded/postgres'
import { createService, type Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { DatabaseSettings } from '../database.js'

export type Database = Service & {
  /** `postgresql://…`; only after start. */
  readonly url: string
  /** For a person: which Postgres this is, without its password. */
  readonly description: string
  /** Tells later starts on the same data where this one answers. */
  announce(url: string): Promise<void>
}

/** The Postgres that the settings name: a given one, or the embedded one of the data folder, which is then ours alone. */
export function openDatabase(settings: DatabaseSettings, log: Logger): Database {
  const { DATABASE_URL: url } = settings
  return url === undefined ? openEmbedded(settings, log) : givenDatabase(url)
}

const givenDatabase = (url: string): Database => ({
  ...createService({ name: 'given-postgres' }),
  url,
  description: `Postgres at ${new URL(url).host}`,
  announce: async () => {},
})

function openEmbedded(settings: DatabaseSettings, log: Logger): Database {
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
    announce: async (url) => lock?.announce({ url }),
  }
}
