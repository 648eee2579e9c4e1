import { parseConfig } from '@cinegraph/kit/config'
import { failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { settingsFrom } from './arguments.js'
import { gatewayConfig } from './config.js'
import { createGateway } from './gateway.js'
import { optionsFrom } from './options.js'

try {
  const settings = { ...process.env, ...settingsFrom(process.argv.slice(2)) }
  const config = parseConfig(gatewayConfig, settings)
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
