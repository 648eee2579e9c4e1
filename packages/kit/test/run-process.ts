/** A root that runs two services until it is told to end; the first argument says how the second one behaves. */
import { createServer } from 'node:http'
import { createService, failProcess, runProcess } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { ConfigError } from '@cinegraph/kit/config'

const behaviour = process.argv[2]
const log = createLogger({ name: 'root' })
const server = createServer()

const first = createService({
  name: 'first',
  start: () => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)),
  drain() {
    if (behaviour !== 'drained') return
    log.info('first drained')
    setImmediate(() => log.info('still there'))
  },
  async stop() {
    log.info('first stopped')
    server.close()
  },
})
const second = createService({
  name: 'second',
  async start() {
    if (behaviour === 'unstartable') throw new Error('no start')
    if (behaviour === 'misconfigured') throw new ConfigError(['PORT: is taken', 'HOST: is odd'])
    if (behaviour === 'slow-start') {
      log.info('starting')
      await new Promise((resolve) => process.once('SIGTERM', resolve))
    }
    if (behaviour === 'uncaught') setImmediate(() => void Promise.reject(new Error('a bug')))
  },
  async stop() {
    if (behaviour === 'stuck') await new Promise(() => {})
    if (behaviour === 'unstoppable') throw new Error('no stop')
    if (behaviour === 'uncaught-in-stop') void Promise.reject(new Error('a bug'))
  },
})

const shutdownDelayMs = behaviour === 'drained' ? 200 : 0
await runProcess([first, second], { log, shutdownMs: 400, shutdownDelayMs }).catch(
  (error: unknown) => failProcess('root', error),
)
