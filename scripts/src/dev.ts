import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { parseConfig } from '@cinegraph/kit/config'
import { createService, failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { cinegraphConfig } from './all-in-one/config.js'
import { openDatabase } from './database.js'
import { ROOT } from './paths.js'

// Postgres stays in this process; only the child is started again when a source changes.
try {
  const config = parseConfig(cinegraphConfig, process.env)
  const log = createLogger({ name: 'dev', level: config.LOG_LEVEL })
  const database = openDatabase(config, log)
  let stopChild = (): unknown => undefined
  let ended: Promise<unknown> = Promise.resolve()
  const server = createService({
    name: 'sources',
    async start() {
      const child = spawn(
        'tsx',
        ['watch', '--clear-screen=false', '--conditions=source', 'scripts/src/dev-server.ts'],
        {
          cwd: ROOT,
          stdio: 'inherit',
          env: {
            ...process.env,
            DATABASE_URL: database.url,
            CINEGRAPH_DATA: path.resolve(config.CINEGRAPH_DATA),
            // what is installed is compiled once, not at every restart
            NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/compiled'),
          },
        },
      )
      ended = once(child, 'exit')
      stopChild = () => child.kill('SIGTERM')
    },
    async stop() {
      stopChild()
      await ended
    },
  })
  const shutdownMs = config.SHUTDOWN_DELAY_MS + config.SHUTDOWN_MS + 1_000
  await runProcess([database, server], { log, shutdownMs })
} catch (error) {
  failProcess('dev', error)
}
