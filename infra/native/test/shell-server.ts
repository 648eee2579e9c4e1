import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ServerKind } from '../src/server-kind.js'
import { readRecord } from '../src/server-record.js'

/** Counts its starts, and says who it is once it serves. */
export const OBEDIENT = `echo started >>starts
trap 'rm ready; exit 0' TERM
echo $$ >ready
while :; do sleep 0.05; done`

/** A server that is a shell script; it serves when its file `ready` holds its process id. */
export const shellServer = (state: string, script: string): ServerKind => ({
  ...{ name: 'redis', portCount: 1, stopSignal: 'SIGTERM', toRun: [], toInstall: [] },
  find: async () => ({ version: '1', folder: '/' }),
  install: () => Promise.reject(new Error('it is here already')),
  prepare: async ({ folder }) => ({
    ...{ command: '/bin/sh', args: ['-c', script], cwd: folder },
    env: { PATH: '/usr/bin:/bin' },
  }),
  url: ({ ports: [port], password }) => `redis://:${password}@127.0.0.1:${port}/0`,
  async check() {
    const ready = await readFile(path.join(state, 'redis/ready'), 'utf8')
    const record = await readRecord(state, 'redis')
    if (Number(ready) !== record?.process?.pid) throw new Error('not ready')
  },
})
