import path from 'node:path'
import { SETTINGS } from '@cinegraph/embedded/postgres'
import { ENVIRONMENT, prepareData, USER } from '@cinegraph/embedded/postgres-data'
import pg from 'pg'
import { diskSpace, ownOrDebian } from '../requirements.js'
import { ANSWER_MS, type ServerKind } from '../server-kind.js'
import { fetchPostgres, findPostgres, LEAST_MAJOR, librariesOf } from './postgres-programs.js'

/** Postgres, that of this machine or else of its Debian. What is acknowledged is on disk. */
export const postgres: ServerKind = {
  name: 'postgres',
  portCount: 1,
  // "fast": ends sessions, writes a checkpoint
  stopSignal: 'SIGINT',
  toRun: [],
  toInstall: [
    ownOrDebian(`PostgreSQL ${LEAST_MAJOR} or newer (Debian: apt-get install postgresql)`),
    diskSpace(500),
  ],
  find: findPostgres,
  install: fetchPostgres,
  async prepare({ folder, installation, ports: [port], password }) {
    const { version, folder: bin } = installation
    const major = Number.parseInt(version, 10)
    // a newer one does not read the data of an older one
    const dataDir = path.join(folder, `data-${major}`)
    const env = { ...ENVIRONMENT, ...(await librariesOf(bin)) }
    const initdb = path.join(bin, 'initdb')
    await prepareData({ dataDir, initdb, password, options: ['--locale', 'C.UTF-8'], env })
    const settings = { ...SETTINGS, max_connections: '200', log_line_prefix: '%m [%p] ', port }
    return {
      command: path.join(bin, 'postgres'),
      args: ['-D', dataDir, ...Object.entries(settings).flatMap((it) => ['-c', it.join('=')])],
      cwd: folder,
      env,
    }
  },
  url: ({ ports: [port], password }) =>
    `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`,
  async check(url) {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    })
    // one that goes away meanwhile fails the query
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('SELECT 1')
    } finally {
      await client.end()
    }
  },
}
