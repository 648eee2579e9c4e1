import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'

/** A Redis of a test's own, which it may stop and kill. */
export interface RedisProcess {
  readonly url: string
  /** It stands still: connections stay, and nothing is answered. */
  pause(): void
  resume(): void
  kill(): Promise<void>
  /** On the same port, empty. */
  startAgain(): Promise<void>
  /** Ends it, whatever state it is in. */
  end(): Promise<void>
}

/** Starts the program that runs at `url`, which is on this machine. */
export async function startRedis(url: string): Promise<RedisProcess> {
  const program = await programOf(url)
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-redis-'))
  const port = await freePort()
  const password = 'p@ss/word'
  let child: ChildProcess | undefined

  const start = async () => {
    const settings = Object.entries({
      ...{ bind: '127.0.0.1', port, requirepass: password, dir: folder },
      ...{ save: '', appendonly: 'no' },
    })
    const args = settings.flatMap(([name, value]) => [`--${name}`, String(value)])
    child = spawn(program.path, args, { env: program.env, stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout! })
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('redis-server ended')))
    const ready = new Promise<void>((resolve) => {
      lines.on('line', (line) => line.includes('Ready to accept connections') && resolve())
    })
    await Promise.race([ready, ended])
    ended.catch(() => {})
  }
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  await start()
  return {
    url: `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}/0`,
    pause: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
    kill,
    startAgain: start,
    async end() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function programOf(url: string) {
  const client = new Redis(url)
  const [, program = ''] = /^executable:(.+)\r$/m.exec(await client.info('server')) ?? []
  client.disconnect()
  // one that was found on the PATH does not tell where
  const isThere = await stat(program).catch(() => undefined)
  if (!isThere) return { path: 'redis-server', env: undefined }
  // one that was unpacked and not installed has its libraries beside it, in a folder named after the platform
  const libraries = path.join(program, '../../lib')
  const names = await readdir(libraries).catch(() => [])
  const folders = names.filter((name) => name.includes('-linux-'))
  const env = { LD_LIBRARY_PATH: folders.map((name) => path.join(libraries, name)).join(':') }
  return { path: program, env }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
