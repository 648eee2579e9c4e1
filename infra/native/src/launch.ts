import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, rename } from 'node:fs/promises'
import { processStart } from '@cinegraph/embedded/process-facts'
import { childUser } from '@cinegraph/embedded/unprivileged'
import type { Leader } from './process-group.js'
import type { Program } from './server-kind.js'

/** Becomes the program once it is told to: when we are gone before, it never runs. */
const WHEN_RECORDED = 'read -r go && [ "$go" = go ] && exec "$@" </dev/null'
/** Ends a process group when we end, however we do, and its leader's children: one that is stopped would not see that it has gone. */
const ENDS_WITH_US = 'read -r _; kill -s KILL -- "-$1" $(pgrep -P "$1")'

export interface LaunchOptions {
  /** What it writes goes there; what an earlier one wrote, to the same name with `.previous`. */
  logFile: string
  /** It does not outlive us. */
  endsWithUs: boolean
  /** Called before the program runs, so that nothing runs that nobody knows of. */
  record: (leader: Leader) => Promise<void>
}

/** Starts a program in the background, in a process group of its own, as an unprivileged user. */
export async function launch(program: Program, options: LaunchOptions): Promise<Leader> {
  const { logFile, endsWithUs, record } = options
  await rename(logFile, `${logFile}.previous`).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  })
  const log = await open(logFile, 'a', 0o600)
  const child = spawn('/bin/sh', ['-c', WHEN_RECORDED, 'sh', program.command, ...program.args], {
    cwd: program.cwd,
    env: program.env,
    ...childUser(),
    detached: true,
    stdio: ['pipe', log.fd, log.fd],
  })
  // a shell that is gone already is seen by its exit
  child.stdin!.on('error', () => {})
  try {
    await once(child, 'spawn')
    const pid = child.pid!
    const start = await processStart(pid)
    if (start === undefined) throw new Error(`${program.command} ended before it began`)
    await record({ pid, start })
    if (endsWithUs) watch(child)
    child.stdin!.end('go\n')
    child.unref()
    return { pid, start }
  } catch (error) {
    child.stdin!.destroy()
    throw error
  } finally {
    await log.close()
  }
}

/** In a group of its own, so that whatever is done to that of the program does not reach it. */
function watch(child: ChildProcess): void {
  const watcher = spawn('/bin/sh', ['-c', ENDS_WITH_US, 'sh', String(child.pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // the number of a process that has ended may become another's
  child.once('exit', () => watcher.kill('SIGKILL'))
  watcher.stdin.on('error', () => {})
  watcher.unref()
}
