import { openPostgres, type Postgres } from '@cinegraph/engines/postgres/open'
import { createLogger } from '@cinegraph/kit/logger'

const STOP_MS = 10_000

export async function withPostgres<T>(
  url: string,
  use: (postgres: Postgres) => Promise<T>,
): Promise<T> {
  const log = createLogger({ name: 'bench', level: 'error' })
  const postgres = openPostgres({ url, log, statementTimeoutMs: 600_000 })
  await postgres.start()
  try {
    return await use(postgres)
  } finally {
    await postgres.stop(AbortSignal.timeout(STOP_MS))
  }
}
