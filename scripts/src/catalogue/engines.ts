import { migrate } from '@cinegraph/embedded/migrations'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { parseConfig } from '@cinegraph/kit/config'
import { startAll, stopAll } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { z } from 'zod'
import { databaseEnv, withDatabase } from '../database.js'
import { MIGRATIONS } from '../paths.js'
import type { CatalogueEngines } from './demo.js'

/** Runs `use` with the database that the environment names, migrated, and its search index. */
export async function withCatalogue(use: (engines: CatalogueEngines) => Promise<void>) {
  const settings = parseConfig(z.object(databaseEnv), process.env)
  const log = createLogger({ name: 'catalogue', level: 'warn' })
  await withDatabase(settings, async (url) => {
    await migrate(url, MIGRATIONS)
    const postgres = openPostgres({ url, log, statementTimeoutMs: 600_000 })
    const search = openSearchIndex({ url, postgres, log })
    await startAll([postgres, search])
    try {
      await use({ postgres, search })
    } finally {
      await stopAll([postgres, search], AbortSignal.timeout(10_000))
    }
  })
}
