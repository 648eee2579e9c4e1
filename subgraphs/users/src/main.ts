import { openPostgres } from '@cinegraph/engines/postgres/open'
import { parseConfig } from '@cinegraph/kit/config'
import { serveSubgraph } from '@cinegraph/kit/graphql/subgraph'
import { createViewerVerifier } from '@cinegraph/kit/identity'
import { failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { usersConfig, usersSettings } from './config.js'
import { createUsersSubgraph } from './subgraph.js'

try {
  const config = parseConfig(usersConfig, process.env)
  const log = createLogger({ name: 'users', level: config.LOG_LEVEL })
  const postgres = openPostgres({ url: config.DATABASE_URL, owner: 'users', log })
  const verifyViewer = await createViewerVerifier({
    publicKey: config.GATEWAY_PUBLIC_KEY,
    audience: 'users',
  })
  const settings = usersSettings(config)
  const metrics = createMetrics()
  const subgraph = await createUsersSubgraph({ postgres, log, metrics, verifyViewer, settings })
  const server = await serveSubgraph(subgraph, {
    host: config.HOST,
    port: config.PORT,
    log,
    metrics,
    dependencies: [postgres],
  })
  await runProcess([postgres, subgraph, server], { log, shutdownMs: config.SHUTDOWN_MS })
} catch (error) {
  failProcess('users', error)
}
