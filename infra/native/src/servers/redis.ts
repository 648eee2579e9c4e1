import { once } from 'node:events'
import { createConnection } from 'node:net'
import path from 'node:path'
import { cached, findCached } from '../cache.js'
import { debianRelease, fetchPackages, libraryPath } from '../debian.js'
import { diskSpace, ownOrDebian } from '../requirements.js'
import { run } from '../run.js'
import { ANSWER_MS, type Installation, type ServerKind } from '../server-kind.js'
import { writeSettings } from '../owned-files.js'

/** Redis, that of this machine or else of its Debian. Appends every write to a file before it answers. */
export const redis: ServerKind = {
  name: 'redis',
  portCount: 1,
  stopSignal: 'SIGTERM',
  toRun: [],
  toInstall: [ownOrDebian('`redis-server` (Debian: apt-get install redis-server)'), diskSpace(50)],
  async find(cache) {
    const own = await run('/bin/sh', ['-c', 'command -v redis-server']).catch(() => undefined)
    if (own !== undefined) return installationIn(path.dirname(path.dirname(own.trim())))
    const folder = findCached(cache, await folderName())
    return folder === undefined ? undefined : installationIn(path.join(folder, 'usr'))
  },
  async install(cache) {
    const folder = await cached(cache, await folderName(), (fresh) =>
      fetchPackages('redis-server', fresh),
    )
    return installationIn(path.join(folder, 'usr'))
  },
  async prepare({ folder, installation, ports: [port], password }) {
    const file = path.join(folder, 'redis.conf')
    await writeSettings(file, [
      'bind 127.0.0.1',
      `port ${port}`,
      `requirepass ${password}`,
      `dir "${folder}"`,
      'daemonize no',
      'appendonly yes',
      'save ""',
      'maxmemory 256mb',
      'maxmemory-policy noeviction',
    ])
    return {
      command: programIn(installation.folder),
      args: [file],
      cwd: folder,
      env: { LC_ALL: 'C', ...(await libraryPath(installation.folder)) },
    }
  },
  url: ({ ports: [port], password }) => `redis://:${password}@127.0.0.1:${port}/0`,
  async check(url) {
    const { hostname, port, password } = new URL(url)
    const socket = createConnection({ host: hostname, port: Number(port) })
    try {
      socket.setEncoding('utf8').setTimeout(ANSWER_MS, () => socket.destroy(new Error('no answer')))
      socket.write(`AUTH ${password}\r\nPING\r\n`)
      let answer = ''
      while (!/^\+PONG\r\n/m.test(answer)) {
        const [text] = (await once(socket, 'data')) as [string]
        answer += text
        // still loading its data, or a password that is not ours
        if (/^-/m.test(answer)) throw new Error(answer.trim())
      }
    } finally {
      socket.destroy()
    }
  },
}

const folderName = async () => `redis-${await debianRelease()}`
const programIn = (folder: string) => path.join(folder, 'bin/redis-server')

async function installationIn(folder: string): Promise<Installation> {
  const output = await run('/usr/bin/env', [
    ...Object.entries(await libraryPath(folder)).map(([name, value]) => `${name}=${value}`),
    ...[programIn(folder), '--version'],
  ])
  return { version: / v=(\S+)/.exec(output)?.[1] ?? 'unknown', folder }
}
