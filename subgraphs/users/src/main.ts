import { openCounters } from '@cinegraph/engines/counters/open'
import { openMailer } from '@cinegraph/engines/mailer/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { parseConfig } from '@cinegraph/kit/config'
import { serveSubgraph } from '@cinegraph/kit/graphql/subgraph'
import { createViewerVerifier } from '@cinegraph/kit/identity'
import { failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { REVOCATIONS_AUDIENCE } from '@cinegraph/kit/revocations'
import { usersConfig, usersSettings } from './config.js'
import { createUsersSubgraph } from './subgraph.js'

try {
  const config = parseConfig(usersConfig, process.env)
  const log = createLogger({ name: 'users', level: config.LOG_LEVEL })
  const metrics = createMetrics()
  const postgres = openPostgres({ url: config.DATABASE_URL, owner: 'users', log, metrics })
  const verifierFor = (audience: string) =>
    createViewerVerifier({ publicKey: config.GATEWAY_PUBLIC_KEY, audience })
  const counters = openCounters({ url: config.COUNTERS_URL, log, metrics })
  const mailer = openMailer({ url: config.MAIL_URL, from: config.MAIL_FROM, log, metrics })
  const subgraph = await createUsersSubgraph({
    postgres,
    counters,
    mailer,
    log,
    metrics,
    verifyViewer: await verifierFor('users'),
    verifyFeed: await verifierFor(REVOCATIONS_AUDIENCE),
    settings: usersSettings(config),
  })
  const server = await serveSubgraph(subgraph, {
    host: config.HOST,
    port: config.PORT,
    log,
    metrics,
    dependencies: [postgres, counters],
  })
  await runProcess([postgres, counters, mailer, subgraph, server], {
    log,
    shutdownMs: config.SHUTDOWN_MS,
    shutdownDelayMs: config.SHUTDOWN_DELAY_MS,
  })
} catch (error) {
  failProcess('users', error)
}
