import { migrate } from '@cinegraph/embedded/migrations'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { searchEnv } from '@cinegraph/engines/search/env'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { parseConfig } from '@cinegraph/kit/config'
import { startAll, stopAll } from '@cinegraph/kit/lifecycle'
import { createLogger, type Logger } from '@cinegraph/kit/logger'
import { z } from 'zod'
import { databaseEnv, withDatabase } from '../database.js'
import { MIGRATIONS } from '../paths.js'
import type { CatalogueEngines } from './demo.js'

/** Runs `use` with the database that the environment names, migrated, and its search index. */
export async function withCatalogue(use: (engines: CatalogueEngines) => Promise<void>) {
  const settings = parseConfig(
    z.object({ ...databaseEnv, SEARCH_URL: searchEnv.SEARCH_URL.optional() }),
    process.env,
  )
  const log = createLogger({ name: 'catalogue', level: 'warn' })
  await withDatabase(settings, (url) =>
    withCatalogueAt({ url, searchUrl: settings.SEARCH_URL, log }, use),
  )
}

/** The same with the database of this URL, and the search index in it unless it has another. */
export async function withCatalogueAt<T>(
  { url, searchUrl = url, log }: { url: string; searchUrl?: string | undefined; log: Logger },
  use: (engines: CatalogueEngines) => Promise<T>,
): Promise<T> {
  await migrate(url, MIGRATIONS)
  const postgres = openPostgres({ url, log, statementTimeoutMs: 600_000 })
  const search = openSearchIndex({ url: searchUrl, postgres, log })
  await startAll([postgres, search])
  try {
    return await use({ postgres, search })
  } finally {
    await stopAll([postgres, search], AbortSignal.timeout(10_000))
  }
}
