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

/** Resident memory in bytes of each process of the group; empty when there is none. */
export async function groupMemory(pid: number): Promise<number[]> {
  const table = await run('ps', ['-A', '-o', 'pgid=,stat=,rss='])
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([group, state]) => group === String(pid) && !state?.startsWith('Z'))
    .map(([, , kilobytes]) => Number(kilobytes) * 1024)
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
