import { setTimeout as delay } from 'node:timers/promises'
import { processStart } from '@cinegraph/embedded/process-facts'
import { run } from './run.js'

const POLL_MS = 50

/**
 * A process, told from a later one of the same number by when it started. It leads a process group of its own. Its children may lead
 * others, as those of Postgres do: one for each connection.
 */
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

/** The same, and to the groups of its children. */
export async function signalAll(leader: Leader, signal: NodeJS.Signals): Promise<boolean> {
  const children = await childGroups(leader)
  if (!(await signalGroup(leader, signal))) return false
  for (const group of children) {
    try {
      process.kill(-group, signal)
    } catch (error) {
      // it ended meanwhile
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  return true
}

/** Numbers of the groups that children of a process lead; none when it is not alive. */
export async function childGroups(leader: Leader): Promise<number[]> {
  if (!(await isAlive(leader))) return []
  const table = await processes(['ppid=', 'pgid='])
  const groups = table
    .filter(([parent]) => Number(parent) === leader.pid)
    .map(([, it]) => Number(it))
  return groups.filter((group) => group !== leader.pid)
}

/** Stops all of them where they are; returns when none of their threads runs any more, which takes a moment on a busy machine. False when the leader is not alive. */
export async function pauseAll(leader: Leader): Promise<boolean> {
  if (!(await signalAll(leader, 'SIGSTOP'))) return false
  while (await isRunning(leader)) {
    await delay(POLL_MS)
    // one that was made when the others were stopped
    await signalAll(leader, 'SIGSTOP')
  }
  return true
}

const THREADS = process.platform === 'linux' ? ['-L'] : []

/**
 * Stopped, or in the kernel, where it stops before it comes back. One that waits there for a child which was stopped before it became
 * a program (vfork) stays there for as long as the child is stopped.
 */
const STILL = /^[TDU]/

async function isRunning(leader: Leader): Promise<boolean> {
  const states = await statesOf(await groupsOf(leader), ['stat='], THREADS)
  return states.some(([state]) => !STILL.test(state!))
}

/** Resident memory of all of them together, in bytes; 0 when there is none. */
export async function memoryOf(leader: Leader): Promise<number> {
  const states = await statesOf(await groupsOf(leader), ['stat=', 'rss='])
  return states.reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0)
}

const groupsOf = async (leader: Leader) => [leader.pid, ...(await childGroups(leader))]

/** What `ps` tells, the state first, of all that is left of some groups. */
async function statesOf(
  groups: readonly number[],
  columns: readonly string[],
  options: readonly string[] = [],
) {
  const table = await processes(['pgid=', ...columns], options)
  return table
    .filter(([group, state]) => groups.includes(Number(group)) && !state?.startsWith('Z'))
    .map(([, ...told]) => told)
}

async function processes(columns: readonly string[], options: readonly string[] = []) {
  const table = await run('ps', ['-A', ...options, '-o', columns.join()])
  return table.split('\n').map((line) => line.trim().split(/\s+/))
}

/** Resolves when nothing of the group, and of these others, is left: true, or false when `ms` have passed first. */
export async function groupEnds(
  leader: Leader,
  ms: number,
  others: readonly number[] = [],
): Promise<boolean> {
  const deadline = AbortSignal.timeout(ms)
  const isLeft = async () =>
    (await isAlive(leader)) ||
    (await hasOrphans(leader.pid)) ||
    (await statesOf(others, ['stat='])).length > 0
  while (await isLeft()) {
    if (deadline.aborted) return false
    await delay(POLL_MS)
  }
  return true
}

/** What the leader started may take a moment longer. The number of a leader is another's only when its group is empty. */
const hasOrphans = async (pid: number): Promise<boolean> =>
  (await processStart(pid)) === undefined && (await statesOf([pid], ['stat='])).length > 0
