import { openEventLog } from '@cinegraph/engines/event-log/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { TOPICS } from '@cinegraph/events/topics'
import { parseConfig } from '@cinegraph/kit/config'
import { createHttpServer } from '@cinegraph/kit/http/server'
import { failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { outboxConfig } from './config.js'
import { createOutboxWorker } from './outbox.worker.js'

try {
  const config = parseConfig(outboxConfig, process.env)
  const log = createLogger({ name: 'outbox', level: config.LOG_LEVEL })
  const metrics = createMetrics()
  const postgres = openPostgres({ url: config.DATABASE_URL, owner: 'platform', log, metrics })
  const url = config.EVENT_LOG_URL
  const eventLog = openEventLog({ url, postgres, topics: TOPICS, log, metrics })
  const { OUTBOX_BATCH: batch, OUTBOX_TURN_MS: turnMs } = config
  const worker = createOutboxWorker({ postgres, eventLog, batch, turnMs, log, metrics })
  const services = [postgres, eventLog, worker]
  const server = await createHttpServer({
    name: 'outbox-http',
    host: config.HOST,
    port: config.PORT,
    portSetting: 'PORT',
    bodyLimit: 1024,
    log,
    metrics,
    dependencies: services,
    register: async () => {},
  })
  const { SHUTDOWN_MS: shutdownMs, SHUTDOWN_DELAY_MS: shutdownDelayMs } = config
  await runProcess([...services, server], { log, shutdownMs, shutdownDelayMs })
} catch (error) {
  failProcess('outbox', error)
}
