import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readPlaces } from './config.js'
import { pauseAll, signalAll } from './process-group.js'
import { readRecord } from './server-record.js'
import { folderOf, killServer, type Site, startServer, stopServer } from './server.js'
import type { Distant, ServerName, Tls } from './server-kind.js'
import { SERVERS } from './servers/index.js'

/** A server of a test's own, to be treated badly. */
export interface OpenedServer extends AsyncDisposable {
  /** The same for as long as it is open, however often it is started. */
  readonly url: string
  /** For `openNetwork`: the server with a network between. */
  readonly distant: Distant
  /** Undefined for a server without TLS. */
  readonly tls: Tls | undefined
  /** Of the process that leads its group; another after each start. */
  readonly pid: number
  /** Ends it as an operator would; its data stays. */
  stop(): Promise<void>
  /** `kill -9` of all its processes; returns when they are gone. Its data stays. */
  kill(): Promise<void>
  /** Stops its processes where they are: connections stay open, nothing is answered. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** After `stop` or `kill`: the same port, password and data. Returns when it answers. */
  start(): Promise<void>
  /** Ends it and deletes its data. */
  close(): Promise<void>
}

/**
 * Starts a server with a folder, port and password of its own, from the programs that `npm run servers` has fetched or
 * fetches now. It ends with `close()`, or with our process, however that ends.
 */
export async function openServer(name: ServerName): Promise<OpenedServer> {
  const { cache } = await readPlaces()
  const state = await mkdtemp(path.join(tmpdir(), `cinegraph-${name}-`))
  // when we are root, the server is another user, who must be able to enter
  await chmod(state, 0o711)
  const site: Site = { kind: SERVERS[name], state, cache }
  const close = async () => {
    await stopServer(site, { patienceMs: 0 })
    await rm(state, { recursive: true, force: true })
  }
  const start = async () => {
    await startServer(site, { endsWithUs: true })
    const record = await readRecord(state, name)
    return { record: record!, leader: record!.process! }
  }
  let { record, leader } = await start().catch(async (error: unknown) => {
    await close()
    throw error
  })
  const requireRunning = (isRunning: boolean) => {
    if (!isRunning) throw new Error(`${name} does not run`)
  }
  const url = site.kind.url(record)
  return {
    url,
    distant: site.kind.distant?.(record) ?? { server: url },
    tls: await site.kind.tls?.(record, folderOf(site)),
    get pid() {
      return leader.pid
    },
    async start() {
      ;({ record, leader } = await start())
    },
    async stop() {
      await stopServer(site)
    },
    kill: () => killServer(site.kind, leader),
    pause: async () => requireRunning(await pauseAll(leader)),
    resume: async () => requireRunning(await signalAll(leader, 'SIGCONT')),
    close,
    [Symbol.asyncDispose]: close,
  }
}
