import { openCache } from '@cinegraph/engines/cache/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { parseConfig } from '@cinegraph/kit/config'
import { serveSubgraph } from '@cinegraph/kit/graphql/subgraph'
import { createViewerVerifier } from '@cinegraph/kit/identity'
import { failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { peopleConfig } from './config.js'
import { createPeopleSubgraph } from './subgraph.js'

try {
  const config = parseConfig(peopleConfig, process.env)
  const log = createLogger({ name: 'people', level: config.LOG_LEVEL })
  const metrics = createMetrics()
  const postgres = openPostgres({ url: config.DATABASE_URL, owner: 'people', log, metrics })
  const search = openSearchIndex({ url: config.SEARCH_URL, postgres, log, metrics })
  const cache = openCache({ url: config.CACHE_URL, log, metrics })
  const verifyViewer = await createViewerVerifier({
    publicKey: config.GATEWAY_PUBLIC_KEY,
    audience: 'people',
  })
  const subgraph = await createPeopleSubgraph({ postgres, search, cache, log, verifyViewer })
  const dependencies = [postgres, search, cache]
  const { HOST: host, PORT: port } = config
  const server = await serveSubgraph(subgraph, { host, port, log, metrics, dependencies })
  const { SHUTDOWN_MS: shutdownMs, SHUTDOWN_DELAY_MS: shutdownDelayMs } = config
  await runProcess([...dependencies, subgraph, server], { log, shutdownMs, shutdownDelayMs })
} catch (error) {
  failProcess('people', error)
}
