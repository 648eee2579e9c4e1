import { openCache } from '@cinegraph/engines/cache/open'
import { openEventLog } from '@cinegraph/engines/event-log/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { TOPICS } from '@cinegraph/events/topics'
import { parseConfig } from '@cinegraph/kit/config'
import { createHttpServer } from '@cinegraph/kit/http/server'
import { failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { indexerConfig } from './config.js'
import { createIndexerWorker } from './indexer.worker.js'

try {
  const config = parseConfig(indexerConfig, process.env)
  const { HOST: host, PORT: port, EVENT_LOG_URL: url } = config
  const log = createLogger({ name: 'indexer', level: config.LOG_LEVEL })
  const metrics = createMetrics()
  const postgres = openPostgres({ url: config.DATABASE_URL, owner: 'platform', log, metrics })
  const search = openSearchIndex({ url: config.SEARCH_URL, postgres, log, metrics })
  const cache = openCache({ url: config.CACHE_URL, log, metrics })
  const eventLog = openEventLog({ url, postgres, topics: TOPICS, log, metrics })
  const worker = createIndexerWorker({ postgres, search, eventLog, cache, log, metrics })
  const services = [postgres, search, cache, eventLog, worker]
  const server = await createHttpServer({
    name: 'indexer-http',
    ...{ host, port, portSetting: 'PORT', bodyLimit: 1024, log, metrics },
    dependencies: services,
    register: async () => {},
  })
  const { SHUTDOWN_MS: shutdownMs, SHUTDOWN_DELAY_MS: shutdownDelayMs } = config
  await runProcess([...services, server], { log, shutdownMs, shutdownDelayMs })
} catch (error) {
  failProcess('indexer', error)
}
