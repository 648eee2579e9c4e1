import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createService } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import { openEmbeddedPostgres, type EmbeddedPostgres } from './postgres.js'

/** Nothing has to survive. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
}

/** A Postgres for tests and for comparing schemas: quick rather than durable, gone with its data when it stops. */
export async function openTemporaryPostgres(
  log: Logger,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-'))
  // when we are root, Postgres is another user, who must be able to enter
  await chmod(folder, 0o711)
  const postgres = openEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    log,
    settings: { ...FAST, ...settings },
  })
  const service = createService({
    name: 'temporary-postgres',
    start: () => postgres.start(),
    ready: () => postgres.ready(),
    async stop(deadline) {
      await postgres.stop(deadline)
      await rm(folder, { recursive: true, force: true })
    },
  })
  return {
    ...service,
    get url() {
      return postgres.url
    },
  }
}
