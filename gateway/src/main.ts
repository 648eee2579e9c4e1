import { parseArgs } from 'node:util'
import { parseConfig } from '@cinegraph/kit/config'
import { failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { gatewayConfig } from './config.js'
import { createGateway } from './gateway.js'
import { optionsFrom } from './options.js'

try {
  const { values } = parseArgs({
    options: { supergraph: { type: 'string' }, port: { type: 'string' } },
  })
  const config = parseConfig(gatewayConfig, {
    ...process.env,
    ...(values.supergraph && { SUPERGRAPH_PATH: values.supergraph }),
    ...(values.port && { PORT: values.port }),
  })
  const log = createLogger({ name: 'gateway', level: config.LOG_LEVEL })
  const gateway = await createGateway({
    ...(await optionsFrom(config)),
    log,
    metrics: createMetrics(),
  })
  await runProcess([gateway], { log, shutdownMs: config.SHUTDOWN_MS })
} catch (error) {
  failProcess('gateway', error)
}
