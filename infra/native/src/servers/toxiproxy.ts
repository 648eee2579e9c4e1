import path from 'node:path'
import { fromCache } from '../cache.js'
import { diskSpace, GO } from '../requirements.js'
import { run } from '../run.js'
import { ANSWER_MS, type ServerKind } from '../server-kind.js'

const VERSION = '2.12.0'

/** Toxiproxy: a network between us and a server, to be slowed and cut through its HTTP interface. It has no passwords. */
export const toxiproxy: ServerKind = {
  name: 'toxiproxy',
  portCount: 1,
  stopSignal: 'SIGTERM',
  toRun: [],
  toInstall: [GO, diskSpace(500)],
  ...fromCache('toxiproxy', VERSION, async (fresh) => {
    // the digest of every module is checked against the database of the Go project
    const settings = [`GOBIN=${path.join(fresh, 'bin')}`, 'CGO_ENABLED=0']
    const module = `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`
    await run('/usr/bin/env', [...settings, 'go', 'install', module], { cwd: fresh })
  }),
  prepare: async ({ folder, installation, ports: [port] }) => ({
    command: path.join(installation.folder, 'bin/server'),
    args: ['-host', '127.0.0.1', '-port', `${port}`],
    cwd: folder,
    env: { LOG_LEVEL: 'info' },
  }),
  url: ({ ports: [port] }) => `http://127.0.0.1:${port}`,
  async check(url) {
    const response = await fetch(`${url}/version`, { signal: AbortSignal.timeout(ANSWER_MS) })
    if (!response.ok) throw new Error(`GET /version answers ${response.status}`)
  },
}
