import { createServer, type AddressInfo } from 'node:net'
import { createService, type Service } from '@cinegraph/kit/lifecycle'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import { findPostgresBinaries } from './postgres-binaries.js'
import { ENVIRONMENT, prepareData, USER } from './postgres-data.js'
import { waitForPrevious } from './previous-postgres.js'
import { folderProblem, portProblem, startProblem } from './start-problems.js'
import { superviseChild, type SupervisedChild } from './supervisor.js'
import { childUser, dataFolderFor } from './unprivileged.js'

const HOST = '127.0.0.1'
const READY = 'database system is ready to accept connections'
const KEPT_LINES = 50

/** Small and durable: what a laptop needs, and no acknowledged write is lost. */
export const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '60',
  max_wal_size: '256MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // our own log adds the time
  log_line_prefix: '',
} as const

export interface EmbeddedPostgresOptions {
  /** The data's own folder, made when it is missing. The password lies beside it, in `<dataDir>.password`. */
  dataDir: string
  /** The port to listen on; a free one when it is not given. */
  port?: number
  log: Logger
  /** Settings of postgresql.conf that differ from ours. */
  settings?: Readonly<Record<string, string>>
}

export type EmbeddedPostgres = Service & {
  /** `postgresql://user:password@127.0.0.1:port/postgres`; only after start. */
  readonly url: string
}

/**
 * PostgreSQL 18 as a child process on 127.0.0.1. What keeps it from starting, a busy port, a full disk, a folder that
 * cannot be used or a platform without binaries, is a ConfigError that names the setting.
 */
export function openEmbeddedPostgres(options: EmbeddedPostgresOptions): EmbeddedPostgres {
  const { log } = options
  let server: SupervisedChild | undefined
  let url: string | undefined
  let running = false
  const service = createService({
    name: 'embedded-postgres',
    async start() {
      const binaries = await findPostgresBinaries()
      const dataDir = await dataFolderFor(options.dataDir).catch((error: unknown) => {
        throw folderProblem(error, options.dataDir)
      })
      await waitForPrevious(dataDir, log)
      const password = await prepareData({ dataDir, initdb: binaries.initdb })
      const port = await choosePort(options.port)
      server = await launch({ ...options, dataDir, port }, binaries.postgres)
      url = `postgresql://${USER}:${password}@${HOST}:${port}/postgres`
      running = true
      void server.ended.then((code) => {
        if (!running) return
        running = false
        // unhandled on purpose: without its database the process is to end, and whoever runs it to start it again
        throw new DependencyError('postgres', `the embedded Postgres ended by itself (${code})`)
      })
    },
    async ready() {
      return running ? { ready: true } : { ready: false, reason: 'ended by itself' }
    },
    async stop(deadline) {
      running = false
      await server?.stop(deadline)
    },
  })
  return {
    ...service,
    get url() {
      if (url === undefined) throw new Error('the embedded postgres has not started')
      return url
    },
  }
}

async function launch(
  options: EmbeddedPostgresOptions & { port: number },
  postgres: string,
): Promise<SupervisedChild> {
  const { dataDir, port, log } = options
  const lines: string[] = []
  const settings = Object.entries({ ...SETTINGS, port: String(port), ...options.settings })
  let announceReady: (ready: true) => void
  const ready = new Promise<true>((resolve) => (announceReady = resolve))
  const user = childUser()
  const server = superviseChild({
    command: postgres,
    args: ['-D', dataDir, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: ENVIRONMENT,
    ...(user ? { user } : {}),
    // "fast": ends sessions, writes a checkpoint
    stopSignal: 'INT',
    onLine(line) {
      if (lines.push(line) > KEPT_LINES) lines.shift()
      if (line.includes(READY)) announceReady(true)
      if (line.includes('PANIC:')) log.error({ line }, 'postgres')
      else log.debug({ line }, 'postgres')
    },
  })
  const outcome = await Promise.race([ready, server.ended])
  if (outcome === true) return server
  throw startProblem({ dataDir, port, code: outcome, lines })
}

/** The port asked for when it is free, otherwise any that is. */
function choosePort(asked: number | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(portProblem(error, asked)))
    probe.listen(asked ?? 0, HOST, () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
