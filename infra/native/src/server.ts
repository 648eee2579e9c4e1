import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { childUser } from '@cinegraph/embedded/unprivileged'
import { launch } from './launch.js'
import { makeOwned } from './owned-files.js'
import { choosePorts, isFree } from './ports.js'
import {
  childGroups,
  groupEnds,
  isAlive,
  memoryOf,
  type Leader,
  signalAll,
  signalGroup,
} from './process-group.js'
import type { ServerKind, ServerName } from './server-kind.js'
import {
  drawPassword,
  readRecord,
  recordFile,
  type ServerRecord,
  writeRecord,
} from './server-record.js'

const READY_MS = 180_000
const STOP_MS = 20_000
const KILL_MS = 10_000
const POLL_MS = 100
const KEPT_LINES = 15

/** A server of ours: what it is, and where it lives. */
export interface Site {
  readonly kind: ServerKind
  /** Folder of the records and data of several servers. */
  readonly state: string
  /** Folder of the programs, which others use too. */
  readonly cache: string
}

export interface StartOptions {
  /** The port that its clients use; without it that of the last time, or a free one. */
  port?: number | undefined
  /** It ends when our process does, however that ends. */
  endsWithUs?: boolean
}

export type Started = 'started' | 'started again' | 'runs already'

/**
 * Sees to it that the server runs and answers: what runs is left alone, what died is started on the same ports with its
 * data. What keeps it from answering is an error with its last words, and ends it.
 */
export async function startServer(site: Site, options: StartOptions = {}): Promise<Started> {
  const { kind, state } = site
  const known = await readRecord(state, kind.name)
  if (known?.process && (await isAlive(known.process))) {
    if (options.port !== undefined && options.port !== known.ports[0]) {
      throw new Error(`${kind.name} already runs on port ${known.ports[0]}; stop it first`)
    }
    await waitUntilReady(site, known)
    return 'runs already'
  }
  if (known?.process && !(await groupEnds(known.process, KILL_MS))) {
    throw new Error(`processes of ${kind.name} still end (group ${known.process.pid})`)
  }
  const record = await run(site, known, options)
  await waitUntilReady(site, record).catch(async (error: unknown) => {
    await stopServer(site)
    throw error
  })
  return known?.process ? 'started again' : 'started'
}

/** Its own: data, settings. */
export const folderOf = ({ kind, state }: Site): string => path.join(state, kind.name)

async function run(
  site: Site,
  known: ServerRecord | undefined,
  { port, endsWithUs = false }: StartOptions,
): Promise<ServerRecord> {
  const { kind, state, cache } = site
  const installation = (await kind.find(cache)) ?? (await kind.install(cache))
  const ports =
    known?.ports.length === kind.portCount && (port === undefined || port === known.ports[0])
      ? known.ports
      : await choosePorts(kind.portCount, port)
  for (const it of ports) {
    if (!(await isFree(it)))
      throw new Error(`port ${it} of ${kind.name} is taken by another process`)
  }
  const { version } = installation
  let record: ServerRecord = { version, ports, password: known?.password ?? drawPassword() }
  const folder = folderOf(site)
  await makeOwned(folder)
  // before anything is made that only this password opens
  await writeRecord(state, kind.name, record)
  const program = await kind.prepare({ ...record, folder, installation })
  await launch(program, {
    logFile: logFile(state, kind),
    endsWithUs,
    async record(leader) {
      record = { ...record, process: { ...leader, since: new Date().toISOString() } }
      await writeRecord(state, kind.name, record)
    },
  })
  return record
}

export const logFile = (state: string, { name }: ServerKind): string =>
  path.join(state, `${name}.log`)

async function waitUntilReady({ kind, state }: Site, record: ServerRecord): Promise<void> {
  const url = kind.url(record)
  const deadline = AbortSignal.timeout(READY_MS)
  for (;;) {
    const problem = await kind.check(url).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (problem === undefined) return
    // asked only now: one that has just died cannot answer, and one that answers is not dead
    const dead = !record.process || !(await isAlive(record.process))
    if (dead || deadline.aborted) {
      const what = dead ? 'ended by itself' : `does not answer after ${READY_MS / 1000} s`
      throw new Error(`${kind.name} ${what}:\n${await lastWords(state, kind)}`, { cause: problem })
    }
    await delay(POLL_MS)
  }
}

async function lastWords(state: string, kind: ServerKind): Promise<string> {
  const log = await readFile(logFile(state, kind), 'utf8').catch(() => '')
  return log.trimEnd().split('\n').slice(-KEPT_LINES).join('\n')
}

/** Ends the server, by force when it takes longer than `patienceMs`; false when it did not run. Its data stays. */
export async function stopServer(
  { kind, state }: Site,
  { patienceMs = STOP_MS }: { patienceMs?: number } = {},
): Promise<boolean> {
  const record = await readRecord(state, kind.name)
  if (!record?.process) return false
  const { process: leader, ...rest } = record
  const ran = await signalGroup(leader, kind.stopSignal)
  // one that is paused would not notice
  await signalAll(leader, 'SIGCONT')
  if (!(await groupEnds(leader, patienceMs))) await killServer(kind, leader)
  await writeRecord(state, kind.name, rest)
  return ran
}

/** `kill -9` of all its processes; returns when they are gone. */
export async function killServer({ name }: ServerKind, leader: Leader): Promise<void> {
  const children = await childGroups(leader)
  await signalAll(leader, 'SIGKILL')
  if (await groupEnds(leader, KILL_MS, children)) return
  throw new Error(`${name} does not end (process group ${leader.pid})`)
}

/** Deletes the data and all that is known of a server that does not run. */
export async function deleteServer(site: Site): Promise<void> {
  const { kind, state } = site
  const log = logFile(state, kind)
  for (const it of [folderOf(site), log, `${log}.previous`, recordFile(state, kind.name)]) {
    await rm(it, { recursive: true, force: true })
  }
}

/** A server that was started at some time. */
export interface KnownServer {
  readonly name: ServerName
  readonly version: string
  readonly port: number
}

export interface RunningServer extends KnownServer {
  readonly phase: 'runs'
  readonly pid: number
  readonly url: string
  /** Bytes, of all its processes. */
  readonly memory: number
  readonly since: Date
  /** Why it does not serve; absent when it does. */
  readonly problem?: string
}

export type ServerStatus =
  | { readonly name: ServerName; readonly phase: 'never started' }
  | (KnownServer & { readonly phase: 'stopped' | 'died' })
  | RunningServer

/** How a server is, as it says itself. */
export async function serverStatus({ kind, state }: Site): Promise<ServerStatus> {
  const { name } = kind
  const record = await readRecord(state, name)
  if (!record) return { name, phase: 'never started' }
  const { process: leader, version, ports } = record
  const known: KnownServer = { name, version, port: ports[0] }
  if (!leader) return { ...known, phase: 'stopped' }
  if (!(await isAlive(leader))) return { ...known, phase: 'died' }
  const url = kind.url(record)
  const [memory, problem] = await Promise.all([
    memoryOf(leader),
    kind.check(url).then(() => undefined, reasonOf),
  ])
  return {
    ...known,
    phase: 'runs',
    pid: leader.pid,
    url,
    memory,
    since: new Date(leader.since),
    ...(problem === undefined ? {} : { problem }),
  }
}

/** `fetch` says only that it failed; why is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}

/** The state folder, for its owner; servers of root run as another user, who has to pass through it. */
export async function makeStateFolder(state: string): Promise<void> {
  await mkdir(state, { recursive: true })
  await chmod(state, childUser() ? 0o711 : 0o700)
}
