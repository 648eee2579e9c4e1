// A process that owns a server. `records`: it gets as far as that the server is about to run; otherwise it is ready.
import { once } from 'node:events'
import path from 'node:path'
import { launch } from '../src/launch.js'
import { makeOwned } from '../src/owned-files.js'
import { readRecord } from '../src/server-record.js'
import { startServer } from '../src/server.js'
import { OBEDIENT, shellServer } from './shell-server.js'

const [state = '', until] = process.argv.slice(2)
const kind = shellServer(state, OBEDIENT)

if (until === 'records') {
  const folder = path.join(state, 'redis')
  await makeOwned(folder)
  const program = await kind.prepare({
    ...{ folder, ports: [20_001], password: '', installation: { version: '1', folder } },
  })
  await launch(program, {
    logFile: path.join(state, 'redis.log'),
    endsWithUs: false,
    async record(leader) {
      process.stdout.write(`${JSON.stringify(leader)}\n`)
      await once(process, 'never')
    },
  })
} else {
  await startServer({ kind, state, cache: '/' }, { endsWithUs: true })
  const record = await readRecord(state, 'redis')
  process.stdout.write(`${JSON.stringify(record!.process)}\n`)
  process.stdin.resume()
}
