import { setTimeout as delay } from 'node:timers/promises'
import { processStart } from '@cinegraph/embedded/process-facts'
import { run } from './run.js'

const POLL_MS = 50

/** A process, told from a later one of the same number by when it started. It leads a process group of its own. */
export interface Leader {
  readonly pid: number
  readonly start: string
}

export const isAlive = async ({ pid, start }: Leader): Promise<boolean> =>
  (await processStart(pid)) === start

/** Sends a signal to the whole group of a process that is alive; false when it is not. */
export async function signalGroup(leader: Leader, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(leader))) return false
  try {
    process.kill(-leader.pid, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** Stops the group where it is; returns when none of its threads runs any more, which takes a moment on a busy machine. False when it is not alive. */
export async function pauseGroup(leader: Leader): Promise<boolean> {
  if (!(await signalGroup(leader, 'SIGSTOP'))) return false
  while (await isRunning(leader.pid)) await delay(POLL_MS)
  return true
}

const THREADS = process.platform === 'linux' ? ['-L'] : []

/**
 * Stopped, or in the kernel, where it stops before it comes back. One that waits there for a child which was stopped before it became
 * a program (vfork) stays there for as long as the child is stopped.
 */
const STILL = /^[TDU]/

async function isRunning(pid: number): Promise<boolean> {
  const states = await statesOf(pid, ['stat='], THREADS)
  return states.some(([state]) => !STILL.test(state!))
}

/** Resident memory in bytes of each process of the group; empty when there is none. */
export async function groupMemory(pid: number): Promise<number[]> {
  const states = await statesOf(pid, ['stat=', 'rss='])
  return states.map(([, kilobytes]) => Number(kilobytes) * 1024)
}

/** What `ps` tells, the state first, of all that is left of a group. */
async function statesOf(pid: number, columns: readonly string[], options: readonly string[] = []) {
  const table = await run('ps', ['-A', ...options, '-o', ['pgid=', ...columns].join()])
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([group, state]) => group === String(pid) && !state?.startsWith('Z'))
    .map(([, ...told]) => told)
}

/** Resolves when nothing of the group is left: true, or false when `ms` have passed first. */
export async function groupEnds(leader: Leader, ms: number): Promise<boolean> {
  const deadline = AbortSignal.timeout(ms)
  while ((await isAlive(leader)) || (await hasOrphans(leader.pid))) {
    if (deadline.aborted) return false
    await delay(POLL_MS)
  }
  return true
}

/** What the leader started may take a moment longer. The number of a leader is another's only when its group is empty. */
const hasOrphans = async (pid: number): Promise<boolean> =>
  (await processStart(pid)) === undefined && (await groupMemory(pid)).length > 0
