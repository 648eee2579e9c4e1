import { parseConfig } from '@cinegraph/kit/config'
import { failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createProgress } from '@cinegraph/kit/progress'
import { checkSettings } from './all-in-one/check-settings.js'
import { createCinegraph } from './all-in-one/cinegraph.js'
import { cinegraphConfig } from './all-in-one/config.js'
import { loadSecrets } from './all-in-one/secrets.js'

try {
  const began = performance.now()
  await checkSettings(process.env)
  const config = parseConfig(cinegraphConfig, process.env)
  const log = createLogger({ name: 'cinegraph', level: config.LOG_LEVEL })
  const progress = createProgress((text) => process.stdout.write(text))
  const secrets = await loadSecrets(config.CINEGRAPH_DATA)
  const cinegraph = createCinegraph({ config, env: process.env, secrets, log, progress })
  progress.say('Cinegraph starts')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => progress.say('\nStopping'))
  }
  const { SHUTDOWN_MS: shutdownMs, SHUTDOWN_DELAY_MS: shutdownDelayMs } = config
  await runProcess([cinegraph], { log, shutdownMs, shutdownDelayMs })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  progress.say(`Ready in ${seconds} s; Ctrl-C ends it

  GraphQL    ${cinegraph.url}/graphql
  Sandbox    the same in a browser; offline ${cinegraph.url}/graphql?explorer=graphiql`)
} catch (error) {
  failProcess('Cinegraph', error)
}
