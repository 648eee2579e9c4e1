import { parseConfig } from '@cinegraph/kit/config'
import { failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { readArguments, USAGE } from './arguments.js'
import { gatewayConfig } from './config.js'
import { createGateway } from './gateway.js'
import { optionsFrom } from './options.js'

try {
  const { help, settings } = readArguments(process.argv.slice(2))
  if (help) process.stdout.write(USAGE)
  else await serve(settings)
} catch (error) {
  failProcess('gateway', error)
}

async function serve(settings: Record<string, string>): Promise<void> {
  const config = parseConfig(gatewayConfig, { ...process.env, ...settings })
  const log = createLogger({ name: 'gateway', level: config.LOG_LEVEL })
  const gateway = await createGateway({
    ...(await optionsFrom(config)),
    log,
    metrics: createMetrics(),
  })
  const { SHUTDOWN_MS: shutdownMs, SHUTDOWN_DELAY_MS: shutdownDelayMs } = config
  await runProcess([gateway], { log, shutdownMs, shutdownDelayMs })
}
